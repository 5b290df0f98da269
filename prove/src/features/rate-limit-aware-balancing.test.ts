import { answered } from '../../testing/fixtures.ts'
import { failed, sample, verdictCases } from '../../testing/verdict-cases.ts'
import { rateLimitAwareBalancing } from './rate-limit-aware-balancing.ts'

const facts = { 'refusing pod': 'provider-v1-a' }
const counted = (value: number) => [
  sample('request_total', { direction: 'outbound', dst_service: 'provider-svc' }, value),
]
/** This many of 400 calls are refused; the rest goes to two other pods. */
const refused = (n: number, part: object = { pod: 'provider-v1-a' }) => [
  ...failed(n, 429, part),
  ...answered(200, { pod: 'provider-v1-b' }),
  ...answered(200 - n, { pod: 'provider-v1-c' }),
]

verdictCases(
  rateLimitAwareBalancing,
  {
    on: { bursts: { calls: refused(3) }, facts, caller: counted(400) },
    control: { bursts: { calls: [...failed(270, 429), ...answered(130, { pod: 'b' })] }, facts, caller: counted(400) },
  },
  [
    {
      name: 'refusals attract calls',
      on: { bursts: { calls: refused(190) } },
      verdict: 'failed',
      says: /refusing pod/,
    },
    { name: 'an even share', on: { bursts: { calls: refused(133) } }, verdict: 'failed', says: /refusing pod/ },
    {
      name: 'calls fail otherwise',
      on: { bursts: { calls: refused(9, { origin: 'mesh', status: 503 }) } },
      verdict: 'failed',
      says: /503 mesh: 9/,
    },
    {
      name: 'all go to one pod',
      on: { bursts: { calls: answered(400, { pod: 'provider-v1-b' }) } },
      verdict: 'failed',
      says: /pods or more/,
    },
    { name: 'the proxy counts fewer', on: { caller: counted(399) }, verdict: 'failed', says: /399 counted/ },
    {
      name: 'the pod gets few calls without penalties too',
      control: { bursts: { calls: refused(3) } },
      verdict: 'not-proved',
      says: /refusing pod/,
    },
  ],
)
