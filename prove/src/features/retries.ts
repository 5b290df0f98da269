import { PROMISES } from '@linkerd-scenario/contract/promises'
import { allFailWith, allSucceed, attemptsAre } from '../expectations/call-expectations.ts'
import type { Observation } from '../expectations/observation.ts'
import { callsOf, proxyCounted } from '../expectations/proxy-expectations.ts'
import type { Feature, Steps } from '../feature.ts'
import { HTTP_ROUTE } from './needs.ts'
import { attempts, retriesOf } from './proxy-metrics.ts'

/** As retry.linkerd.io/limit in k8s/features/retries. */
const LIMIT = 2

/** A single provider: it counts the attempts of a request, and a second pod would count separately. */
const traffic =
  (n: number): Steps =>
  (namespace) =>
    namespace.observe({ caller: 'consumer-v1' }, async () => ({
      bursts: {
        failingOnce: await namespace.burst('consumer-v1', { n, fault: 'status;code=503;times=1' }),
        failingAlways: await namespace.burst('consumer-v1', { n, fault: 'status;code=503' }),
        refused: await namespace.burst('consumer-v1', { n, fault: 'status;code=418' }),
      },
    }))

const total = ({ bursts }: Observation, of: string) => bursts[of]?.total ?? 0

export const retries: Feature = {
  name: 'retries',
  claim: PROMISES.retries.claim.en,
  needs: [HTTP_ROUTE],
  workloads: { 'consumer-v1': 1, 'provider-v1': 1 },
  decides: 'services',
  on: {
    state: 'with the route',
    with: { path: 'features/retries' },
    settle: { steps: traffic(5), until: [allSucceed('failingOnce'), attemptsAre('refused', 1)] },
    steps: traffic(60),
    expect: [
      allSucceed('failingOnce'),
      attemptsAre('failingOnce', 2),
      allFailWith('failingAlways', { status: 503, origin: 'provider' }),
      attemptsAre('failingAlways', 1 + LIMIT),
      // 418 is not one of the route's retry statuses.
      attemptsAre('refused', 1),
      proxyCounted(
        'caller',
        retriesOf('provider-retry'),
        (seen) => total(seen, 'failingOnce') + LIMIT * total(seen, 'failingAlways'),
      ),
      proxyCounted(
        'caller',
        attempts('provider-retry', 'provider-svc'),
        (seen) => 2 * total(seen, 'failingOnce') + (1 + LIMIT) * total(seen, 'failingAlways') + total(seen, 'refused'),
      ),
    ],
  },
  control: {
    state: 'without the route',
    settle: {
      steps: traffic(5),
      until: [allFailWith('failingOnce', { status: 503, origin: 'provider' }), attemptsAre('refused', 1)],
    },
    steps: traffic(60),
    expect: [
      allFailWith('failingOnce', { status: 503, origin: 'provider' }),
      attemptsAre('failingOnce', 1),
      attemptsAre('failingAlways', 1),
      proxyCounted('caller', retriesOf('provider-retry'), 0),
      proxyCounted('caller', attempts('http', 'provider-svc'), callsOf('failingOnce', 'failingAlways', 'refused')),
    ],
  },
  hints: [
    'A ServiceProfile of the Service switches routes off: `kubectl get serviceprofiles -A`.',
    'The annotations were not understood, and then none of them counts: `linkerd diagnostics policy -n NAMESPACE svc/provider-svc 5000 -o json`.',
  ],
}
