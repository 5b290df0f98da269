import { answered, refused } from '../../testing/fixtures.ts'
import { failed, sample, verdictCases } from '../../testing/verdict-cases.ts'
import { rateLimiting } from './rate-limiting.ts'

const admitted = (n: number) => [...answered(n), ...refused(100 - n, 429)]
const counted = (value: number) => [
  sample('inbound_http_local_ratelimit_total', { ratelimit_name: 'provider-limit', target_port: '5000' }, value),
]

// A burst of one second: ten calls by the rate, plus a bucket of ten that may have been full.
verdictCases(
  rateLimiting,
  { on: { bursts: { calls: admitted(20) }, provider: counted(80) }, control: { bursts: { calls: answered(100) } } },
  [
    {
      name: 'nothing is refused',
      on: { bursts: { calls: answered(100) } },
      verdict: 'failed',
      says: /0 of 100 failed/,
    },
    ...[7, 22].map((n) => ({
      name: `${n} calls of a second are admitted`,
      on: { bursts: { calls: admitted(n) }, provider: counted(100 - n) },
      verdict: 'failed' as const,
      says: /about 10 calls a second/,
    })),
    { name: 'refusals are not counted', on: { provider: counted(0) }, verdict: 'failed', says: /0 counted/ },
    {
      name: 'the service refuses, not the proxy',
      on: { bursts: { calls: [...answered(20), ...failed(80, 429)] } },
      verdict: 'failed',
      says: /429 provider: 80/,
    },
    {
      name: 'refused without the policy as well',
      control: { bursts: { calls: admitted(20) } },
      verdict: 'not-proved',
      says: /every call of calls is answered 200/,
    },
  ],
)
