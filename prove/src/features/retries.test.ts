import { answered } from '../../testing/fixtures.ts'
import { failed, sample, verdictCases } from '../../testing/verdict-cases.ts'
import { retries } from './retries.ts'

const PARENT = { parent_kind: 'Service', parent_name: 'provider-svc' }
const counted = (route: string, again: number, attempts: number) => [
  sample('outbound_http_route_retry_requests_total', { ...PARENT, route_name: route }, again),
  sample(
    'outbound_http_route_backend_requests_total',
    { ...PARENT, route_name: route, backend_name: 'provider-svc' },
    attempts,
  ),
]

verdictCases(
  retries,
  {
    on: {
      bursts: {
        failingOnce: answered(60, { attempt: 2 }),
        failingAlways: failed(60, 503, { attempt: 3 }),
        refused: failed(60, 418),
      },
      caller: counted('provider-retry', 180, 360),
    },
    control: {
      bursts: { failingOnce: failed(60, 503), failingAlways: failed(60, 503), refused: failed(60, 418) },
      caller: counted('http', 0, 180),
    },
  },
  [
    { name: 'no retry', on: { bursts: { failingOnce: failed(60, 503) } }, verdict: 'failed', says: /failingOnce/ },
    {
      name: 'one call of sixty is not retried',
      on: { bursts: { failingOnce: [...answered(59, { attempt: 2 }), ...failed(1, 503)] } },
      verdict: 'failed',
      says: /200: 59, 503: 1/,
    },
    {
      name: 'more retries than the route allows',
      on: { bursts: { failingAlways: failed(60, 503, { attempt: 13 }) } },
      verdict: 'failed',
      says: /attempts 13: 60/,
    },
    {
      name: 'a status that was not named is retried',
      on: { bursts: { refused: failed(60, 418, { attempt: 3 }) } },
      verdict: 'failed',
      says: /refused/,
    },
    {
      name: 'retries are not counted',
      on: { caller: counted('provider-retry', 0, 360) },
      verdict: 'failed',
      says: /0 counted in outbound_http_route_retry_requests_total, 180 expected/,
    },
    {
      name: 'retried without the route as well',
      control: { bursts: { failingOnce: answered(60, { attempt: 2 }) } },
      verdict: 'not-proved',
      says: /failingOnce/,
    },
  ],
)
