import { rateLimits } from './rate-limits.ts'
import { deployment, policy, server, testRules, together } from './test-rules.ts'

const limit = (name = 'provider-limit') =>
  policy(
    'HTTPLocalRateLimitPolicy',
    name,
    'targetRef: {group: policy.linkerd.io, kind: Server, name: provider-http}, total: {requestsPerSecond: 9}',
  )
const good = together(server(), limit())
const provider = deployment('provider-v1', { container: 'readinessProbe: {httpGet: {path: /readyz, port: http}}' })

testRules(rateLimits, {
  'limit-on-http': { bad: together(server({ rest: 'proxyProtocol: opaque, accessPolicy: deny' }), limit()), good },
  'one-limit-a-server': { bad: together(good, limit('second')), good },
  'probes-beside-limits': { bad: together(good, provider), good },
  'limit-a-pod': { bad: together(good, deployment('provider-v1').replace('spec:', 'spec:\n  replicas: 3')), good },
})
