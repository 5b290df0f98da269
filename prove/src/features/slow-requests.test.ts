import { answered } from '../../testing/fixtures.ts'
import { failed, sample, verdictCases } from '../../testing/verdict-cases.ts'
import { slowRequests } from './slow-requests.ts'

const counted = (value: number) => [
  sample('outbound_http_route_request_statuses_total', { parent_name: 'consumer-svc', http_status: '200' }, value),
]
const facts = { enough: true, slow: true, podsKept: 0, podsLeft: 2 }
const lost = (n: number) => [...answered(100 - n), ...failed(n, 502)]

verdictCases(
  slowRequests,
  {
    on: { bursts: { calls: answered(100) }, facts, caller: counted(100) },
    control: { bursts: { calls: lost(1) }, facts, caller: counted(99) },
  },
  [
    { name: 'one slow call is lost', on: { bursts: { calls: lost(1) } }, verdict: 'failed', says: /502: 1/ },
    { name: 'a pod was not replaced', on: { facts: { podsKept: 1 } }, verdict: 'failed', says: /replaced/ },
    { name: 'nothing was scaled down', on: { facts: { podsLeft: 4 } }, verdict: 'failed', says: /are left/ },
    { name: 'the calls were not slow', on: { facts: { slow: false } }, verdict: 'failed', says: /told to wait/ },
    { name: 'too few calls', on: { facts: { enough: false } }, verdict: 'failed', says: /all pods have gone/ },
    { name: 'the proxy counts fewer', on: { caller: counted(99) }, verdict: 'failed', says: /99 counted/ },
    {
      name: 'nothing is lost without the drain either',
      control: { bursts: { calls: answered(100) } },
      verdict: 'not-proved',
      says: /It holds without a drain/,
    },
  ],
)
