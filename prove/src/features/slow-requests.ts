import { PROMISES } from '@linkerd-scenario/contract/promises'
import { allSucceed, failAtLeast } from '../expectations/call-expectations.ts'
import { factIs } from '../expectations/fact-expectations.ts'
import { proxyCounted, statusOf } from '../expectations/proxy-expectations.ts'
import type { Feature } from '../feature.ts'
import { answersOfConsumers } from './proxy-metrics.ts'
import { DRAINED, KILLED, TWO_TIERS } from './two-tier-rollout.ts'

/** Each pod that is killed has at least that many slow calls in flight: the rate times the delay, by two pods. */
const LEAST_LOST = 10

const circumstances = [
  factIs('slow', true, 'every answer takes as long as the provider was told to wait', 'services'),
  factIs('podsKept', 0, 'every pod of the consumer and the provider is replaced'),
  factIs('podsLeft', 2, 'one pod of the consumer and one of the provider are left'),
]

export const slowRequests: Feature = {
  ...TWO_TIERS,
  name: 'slow-requests',
  claim: PROMISES['slow-requests'].claim.en,
  on: {
    ...DRAINED,
    expect: [
      allSucceed('slowCalls'),
      ...circumstances,
      proxyCounted('caller', answersOfConsumers(200), statusOf(['calls', 'slowCalls'], 200)),
    ],
  },
  control: {
    ...KILLED,
    expect: [
      failAtLeast('slowCalls', LEAST_LOST, `at least ${LEAST_LOST} slow calls that are under way are lost`),
      ...circumstances,
    ],
  },
  hints: [
    'The grace period is too short for the drain, a slow call and the end of the proxy: `kubectl get deployments -n NAMESPACE -o custom-columns=NAME:.metadata.name,GRACE:.spec.template.spec.terminationGracePeriodSeconds`.',
    'The proxy is no native sidecar and ends before its service, or with it: `kubectl get pods -n NAMESPACE -o custom-columns=NAME:.metadata.name,INIT:.spec.initContainers[*].name` must name linkerd-proxy.',
    'A timeout of a route or a ServiceProfile ends slow calls: `kubectl get httproutes.gateway.networking.k8s.io,serviceprofiles.linkerd.io -A`.',
  ],
}
