import { PROMISES } from '@linkerd-scenario/contract/promises'
import { someFailAs } from '../expectations/call-expectations.ts'
import type { Expectation } from '../expectations/expectation.ts'
import { sumOf } from '../expectations/observation.ts'
import { callsOf, proxyCounted, statusOf } from '../expectations/proxy-expectations.ts'
import type { Feature, Steps } from '../feature.ts'
import { answersIn, answersOut, callsIn, callsOut } from './proxy-metrics.ts'

const DELAY_MS = 30
const CALLS = 200

const traffic =
  (workload: string): Steps =>
  (namespace) =>
    namespace.observe({ caller: workload, provider: 'provider-v1' }, async () => ({
      bursts: {
        calls: await namespace.burst(workload, { n: CALLS, fault: `delay;ms=${DELAY_MS}, status;code=503;rate=0.3` }),
      },
    }))

const mixed = someFailAs('calls', ['503 provider'], 0.1)

/**
 * The mean latency in the caller's proxy lies between the provider's delay and the duration that the service measured.
 */
const latencyAgrees: Expectation = {
  name: 'latencyAgrees',
  says: `the caller's proxy reports a mean latency of at least ${DELAY_MS} ms, and no more than the service measured`,
  witness: 'proxies',
  judge: ({ proxies, bursts }) => {
    const samples = proxies['caller']
    const measured = bursts['calls']?.latencyMs.mean
    if (samples === undefined || measured === undefined) return { holds: undefined, seen: 'not read' }
    const labels = { direction: 'outbound', dst_service: 'provider-svc' }
    const count = sumOf(samples, 'response_latency_ms_count', labels)
    if (count === 0) return { holds: false, seen: 'no latency in response_latency_ms' }
    const mean = sumOf(samples, 'response_latency_ms_sum', labels) / count
    return {
      // The proxy rounds each latency to whole milliseconds.
      holds: mean >= DELAY_MS - 1 && mean <= measured + 1,
      seen: `${mean.toFixed(1)} ms by the proxy, ${measured.toFixed(1)} ms by the service`,
    }
  },
}

export const goldenMetrics: Feature = {
  name: 'golden-metrics',
  claim: PROMISES['golden-metrics'].claim.en,
  needs: [],
  workloads: { 'consumer-v1': 1, 'provider-v1': 1, 'consumer-bypass': 1 },
  // With traffic that bypasses the proxies, the services see the same: only the proxies' counts must change.
  decides: 'proxies',
  on: {
    state: 'through the proxies',
    steps: traffic('consumer-v1'),
    expect: [
      mixed,
      proxyCounted('caller', callsOut(), callsOf('calls')),
      proxyCounted('caller', answersOut(200), statusOf('calls', 200)),
      proxyCounted('caller', answersOut(503), statusOf('calls', 503)),
      proxyCounted('provider', callsIn({ tls: 'true' }), callsOf('calls')),
      proxyCounted('provider', answersIn(200), statusOf('calls', 200)),
      proxyCounted('provider', answersIn(503), statusOf('calls', 503)),
      latencyAgrees,
    ],
  },
  control: {
    state: 'past the caller’s proxy (skipped outbound port)',
    steps: traffic('consumer-bypass'),
    expect: [mixed, proxyCounted('caller', callsOut(), 0)],
  },
  hints: [
    'Other traffic reaches the provider meanwhile: `kubectl get pods -n NAMESPACE`.',
    'Read the proxy yourself: `linkerd diagnostics proxy-metrics -n NAMESPACE deploy/consumer-v1 | grep request_total`.',
  ],
}
