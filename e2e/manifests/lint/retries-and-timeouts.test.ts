import { retriesAndTimeouts } from './retries-and-timeouts.ts'
import { route, service, testRules, together } from './test-rules.ts'

const rest = route({ name: 'rest' })
const get = '[{matches: [{method: GET}], backendRefs: [{name: provider-svc, port: 5000}]}]'
const retry = (annotations: string, rules = get) =>
  together(rest, route({ metadata: `annotations: {${annotations}}`, rules }))
const withTimeout = (annotations: string) => service('provider-svc', undefined, `annotations: {${annotations}}`)

testRules(retriesAndTimeouts, {
  'retry-statuses': {
    bad: retry('retry.linkerd.io/http: "5xx, 429"'),
    good: retry('retry.linkerd.io/http: "gateway-error,500-501,429"'),
  },
  'retry-limit': {
    bad: retry('retry.linkerd.io/http: 5xx, retry.linkerd.io/limit: "0"'),
    good: retry('retry.linkerd.io/http: 5xx, retry.linkerd.io/limit: "2"'),
  },
  'retry-what': {
    bad: retry('retry.linkerd.io/limit: "2"'),
    good: retry('retry.linkerd.io/http: 5xx, retry.linkerd.io/timeout: 400ms'),
  },
  duration: {
    bad: withTimeout('timeout.linkerd.io/request: 1.5s'),
    good: withTimeout('timeout.linkerd.io/request: 1500ms, timeout.linkerd.io/idle: "0"'),
  },
  'one-place-for-a-group': {
    bad: together(
      withTimeout('timeout.linkerd.io/idle: 1s'),
      route({ metadata: 'annotations: {timeout.linkerd.io/request: 1s}' }),
    ),
    good: together(withTimeout('timeout.linkerd.io/idle: 1s'), retry('retry.linkerd.io/http: 5xx')),
  },
  'retry-idempotent': {
    bad: retry('retry.linkerd.io/http: 5xx', '[{backendRefs: [{name: provider-svc, port: 5000}]}]'),
    good: retry('retry.linkerd.io/http: 5xx'),
  },
})
