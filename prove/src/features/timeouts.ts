import { PROMISES } from '@linkerd-scenario/contract/promises'
import { allFailWith, allSucceed, latencyWithin, medianWithin } from '../expectations/call-expectations.ts'
import { lateCalls } from '../expectations/late-calls.ts'
import { callsOf, proxyCounted } from '../expectations/proxy-expectations.ts'
import type { Feature, Steps } from '../feature.ts'
import { HTTP_ROUTE } from './needs.ts'
import { timedOut } from './proxy-metrics.ts'

/** As timeouts.request in k8s/features/timeouts. */
const TIMEOUT_MS = 500
const DELAY_MS = 2000
/** Also longer than the timeout, but short, so that waiting until the mesh forgets it takes less time. */
const SETTLING_DELAY_MS = 900
/** Slow calls per second: spread out, so that one pause of a loaded machine does not delay all of them. */
const RATE = 20
/** Extra time on a loaded machine, in addition to what it adds to a call without delay. */
const MARGIN_MS = 300

const traffic =
  (n: number, delayMs: number): Steps =>
  (namespace) =>
    namespace.observe({ caller: 'consumer-v1' }, async () => ({
      bursts: {
        quick: await namespace.burst('consumer-v1', { n, concurrency: n }),
        slow: await namespace.burst('consumer-v1', { n, concurrency: n, rate: RATE, fault: `delay;ms=${delayMs}` }),
      },
    }))

const cut = allFailWith('slow', { status: 504, origin: 'mesh', proxy: 'outbound' })

export const timeouts: Feature = {
  name: 'timeouts',
  claim: PROMISES.timeouts.claim.en,
  needs: [HTTP_ROUTE],
  workloads: { 'consumer-v1': 1, 'provider-v1': 1 },
  decides: 'services',
  needsQuiet: 'it judges how long single calls take',
  // A timeout that wrongly ends quick calls does so after its 500 ms. Later than that, the proxy itself was held up.
  shortOfTime: (observation) =>
    allSucceed('quick').judge(observation).holds === true
      ? undefined
      : lateCalls(observation, 'quick', TIMEOUT_MS + 100),
  on: {
    state: 'with the route',
    with: { path: 'features/timeouts' },
    settle: { steps: traffic(3, DELAY_MS), until: [allSucceed('quick'), cut] },
    steps: traffic(20, DELAY_MS),
    expect: [
      allSucceed('quick'),
      cut,
      medianWithin('slow', `slow calls end after about ${TIMEOUT_MS} ms`, ({ bursts }) => ({
        leastMs: 0.9 * TIMEOUT_MS,
        mostMs: TIMEOUT_MS + MARGIN_MS + 2 * (bursts['quick']?.latencyMs.max ?? 0),
      })),
      latencyWithin('slow', `no slow call ends before its ${TIMEOUT_MS} ms, or takes its whole delay`, () => ({
        leastMs: 0.9 * TIMEOUT_MS,
        mostMs: 0.9 * DELAY_MS,
      })),
      proxyCounted('caller', timedOut('provider-timeout'), callsOf('slow')),
    ],
  },
  control: {
    state: 'without the route',
    settle: { steps: traffic(3, SETTLING_DELAY_MS), until: [allSucceed('slow')] },
    steps: traffic(20, DELAY_MS),
    expect: [
      allSucceed('slow'),
      latencyWithin('slow', `each slow call takes its ${DELAY_MS} ms`, () => ({
        leastMs: 0.99 * DELAY_MS,
        mostMs: Number.POSITIVE_INFINITY,
      })),
      proxyCounted('caller', timedOut('provider-timeout'), 0),
    ],
  },
  hints: [
    'A ServiceProfile of the Service switches routes off: `kubectl get serviceprofiles -A`.',
    'The machine is short of processor time, so that every time is late: compare the quick calls of the report.',
  ],
}
