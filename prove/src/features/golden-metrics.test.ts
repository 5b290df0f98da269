import { answered } from '../../testing/fixtures.ts'
import { failed, type Seen, sample, verdictCases } from '../../testing/verdict-cases.ts'
import { goldenMetrics } from './golden-metrics.ts'

const calls = [...answered(138, { latencyMs: 35 }), ...failed(62, 503, { latencyMs: 35 })]
const OUT = { direction: 'outbound', dst_service: 'provider-svc' }
const IN = { direction: 'inbound', target_port: '5000', tls: 'true' }
const answers = (labels: typeof OUT | typeof IN, ok: number, bad: number) => [
  sample('request_total', labels, ok + bad),
  sample('response_total', { ...labels, status_code: '200' }, ok),
  sample('response_total', { ...labels, status_code: '503' }, bad),
]
const latency = (meanMs: number) => [
  sample('response_latency_ms_sum', OUT, 200 * meanMs),
  sample('response_latency_ms_count', OUT, 200),
]
const on: Seen = {
  bursts: { calls },
  caller: [...answers(OUT, 138, 62), ...latency(32.8)],
  provider: answers(IN, 138, 62),
}

verdictCases(goldenMetrics, { on, control: { bursts: { calls }, caller: [], provider: answers(IN, 138, 62) } }, [
  {
    name: 'twice as many requests',
    on: { caller: [...answers(OUT, 276, 124), ...latency(32.8)] },
    verdict: 'failed',
    says: /400 counted in request_total, 200 expected/,
  },
  {
    name: 'failures counted as successes',
    on: { provider: answers(IN, 200, 0) },
    verdict: 'failed',
    says: /200 counted in response_total, 138 expected/,
  },
  ...[20, 99].map((meanMs) => ({
    name: `a mean latency of ${meanMs} ms`,
    on: { caller: [...answers(OUT, 138, 62), ...latency(meanMs)] },
    verdict: 'failed' as const,
    says: /mean latency/,
  })),
  {
    name: 'traffic past the proxy is counted as well',
    control: { caller: answers(OUT, 138, 62) },
    verdict: 'not-proved',
    says: /200 counted/,
  },
])
