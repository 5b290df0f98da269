import { answered } from '../../testing/fixtures.ts'
import { sample, verdictCases } from '../../testing/verdict-cases.ts'
import { headerRouting } from './header-routing.ts'

const by = (v2: number, v1: number) => [...answered(v2, { version: 'v2' }), ...answered(v1)]
const attempts = (backend: string, value: number) =>
  sample(
    'outbound_http_route_backend_requests_total',
    {
      parent_kind: 'Service',
      parent_name: 'provider-svc',
      route_name: 'provider-by-header',
      backend_name: `provider-${backend}-svc`,
    },
    value,
  )

verdictCases(
  headerRouting,
  {
    on: {
      bursts: { 'x-route: v2': by(100, 0), 'x-route: v3': by(0, 100), 'no header': by(0, 100) },
      caller: [attempts('v2', 100), attempts('v1', 200)],
    },
    control: {
      bursts: { 'x-route: v2': by(5, 95), 'x-route: v3': by(7, 93), 'no header': by(4, 96) },
      caller: [],
    },
  },
  [
    {
      name: 'the header is ignored',
      on: { bursts: { 'x-route: v2': by(5, 95) } },
      verdict: 'failed',
      says: /x-route: v2/,
    },
    {
      name: 'any value will do',
      on: { bursts: { 'x-route: v3': by(100, 0) } },
      verdict: 'failed',
      says: /x-route: v3/,
    },
    { name: 'all calls are routed', on: { bursts: { 'no header': by(100, 0) } }, verdict: 'failed', says: /no header/ },
    {
      name: 'the proxy did it by another route',
      on: { caller: [attempts('v2', 0), attempts('v1', 200)] },
      verdict: 'failed',
      says: /0 counted/,
    },
    {
      name: 'without the route the header counts as well',
      control: { bursts: { 'x-route: v2': by(100, 0) } },
      verdict: 'not-proved',
      says: /at least 30 %|30 % to 100 %/,
    },
  ],
)
