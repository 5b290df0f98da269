import { answered, refused } from '../../testing/fixtures.ts'
import { ended, sample, verdictCases } from '../../testing/verdict-cases.ts'
import { egress } from './egress.ts'

const denials = (value: number) => [
  sample(
    'outbound_http_route_request_statuses_total',
    { parent_kind: 'EgressNetwork', parent_name: 'outside', http_status: '403' },
    value,
  ),
]

verdictCases(
  egress,
  {
    on: { bursts: { calls: ended(10, 403) }, caller: denials(10) },
    control: { bursts: { calls: ended(10, 502, { latencyMs: 1000 }) }, caller: denials(0) },
  },
  [
    { name: 'the call goes out', on: { bursts: { calls: answered(10) } }, verdict: 'failed', says: /403/ },
    {
      name: 'a refusal without a reason is not that of the own proxy',
      on: { bursts: { calls: refused(10, 403) } },
      verdict: 'failed',
      says: /caller's proxy/,
    },
    {
      name: 'a refusal that waits',
      on: { bursts: { calls: ended(10, 403, { latencyMs: 1500 }) } },
      verdict: 'failed',
      says: /waits/,
    },
    { name: 'the refusals are not counted', on: { caller: denials(0) }, verdict: 'failed', says: /0 counted/ },
    {
      name: 'refused without the policy as well',
      control: { bursts: { calls: ended(10, 403) }, caller: denials(10) },
      verdict: 'not-proved',
      says: /It holds without/,
    },
  ],
)
