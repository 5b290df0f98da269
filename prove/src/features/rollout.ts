import { PROMISES } from '@linkerd-scenario/contract/promises'
import type { TestNamespace } from '../cluster/test-namespace.ts'
import { allSucceed, failAtLeast } from '../expectations/call-expectations.ts'
import { factIs } from '../expectations/fact-expectations.ts'
import { proxyCounted, statusOf } from '../expectations/proxy-expectations.ts'
import type { Feature, Steps } from '../feature.ts'
import { untilForgotten } from './killed-pods.ts'

const RESTARTED = ['provider-v1', 'consumer-v1']

const uidsOf = async (namespace: TestNamespace) =>
  (await Promise.all(RESTARTED.map((workload) => namespace.pods(workload)))).flat().map(({ uid }) => uid)

/**
 * Calls edge → consumer → provider at a constant rate while both are restarted. Each call is delayed, so that some are
 * always in flight.
 */
const traffic: Steps = (namespace) =>
  namespace.observe({ caller: 'consumer-edge' }, async () => {
    const before = new Set(await uidsOf(namespace))
    const calls = await namespace.trafficDuring(
      'consumer-edge',
      {
        rate: namespace.pace.rollout.ratePerS,
        concurrency: 64,
        fault: 'delay;ms=100',
        atLeast: namespace.pace.rollout.calls,
      },
      () => namespace.restart(RESTARTED),
    )
    const kept = (await uidsOf(namespace)).filter((uid) => before.has(uid)).length
    return { bursts: { calls }, facts: { podsKept: kept, enough: calls.total >= namespace.pace.rollout.calls } }
  })

const enough = factIs('enough', true, 'enough calls are made to see one lost in 2000', 'services')
const restarted = factIs('podsKept', 0, 'every pod of the consumer and the provider is replaced')

export const rollout: Feature = {
  name: 'rollout',
  claim: PROMISES.rollout.claim.en,
  needs: [],
  workloads: { 'consumer-v1': 1, 'provider-v1': 2, 'consumer-edge': 1 },
  decides: 'services',
  on: {
    state: 'with readiness and drain',
    steps: traffic,
    expect: [
      allSucceed('calls'),
      enough,
      restarted,
      proxyCounted(
        'caller',
        {
          family: 'outbound_http_route_request_statuses_total',
          labels: { parent_name: 'consumer-svc', http_status: '200' },
          what: 'answers with status 200',
        },
        statusOf('calls', 200),
      ),
    ],
  },
  control: {
    state: 'without a drain, pods killed at once',
    with: { path: 'components/instant-kill' },
    steps: traffic,
    expect: [failAtLeast('calls', 1, 'calls that are under way are lost'), enough, restarted],
  },
  cleanup: untilForgotten,
  hints: [
    'The endpoints took longer to disappear than the drain waits: raise DRAIN_DELAY_MS.',
    'A node without room held the new pods up: `kubectl get events -n NAMESPACE --field-selector reason=FailedScheduling`.',
  ],
}
