import { breaker } from './breaker.ts'
import { deployment, route, service, testRules, together } from './test-rules.ts'

const MODE = 'balancer.linkerd.io/failure-accrual'
const on = (name: string, annotations: string) => service(name, undefined, `annotations: {${annotations}}`)
const good = on(
  'provider-svc',
  `${MODE}: consecutive, ${MODE}-consecutive-max-failures: "5", ${MODE}-consecutive-min-penalty: 10s`,
)
const toVersion = route({ rules: '[{backendRefs: [{name: provider-v2-svc, port: 5000}]}]' })

testRules(breaker, {
  'annotated-kind': {
    bad: deployment('provider-v1', { annotations: 'linkerd.io/inject: enabled, retry.linkerd.io/http: 5xx' }),
    good,
  },
  'balancer-on-parent': {
    bad: together(toVersion, on('provider-v2-svc', `${MODE}: consecutive`)),
    good: together(toVersion, good),
  },
  'breaker-values': {
    bad: on(
      'provider-svc',
      `${MODE}: consecutive, ${MODE}-consecutive-min-penalty: 2m, ${MODE}-consecutive-max-penalty: 60s`,
    ),
    good,
  },
  'breaker-mode': { bad: on('provider-svc', `${MODE}-consecutive-max-failures: "5"`), good },
})
