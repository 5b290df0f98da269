import { answered } from '../../testing/fixtures.ts'
import { failed, sample, verdictCases } from '../../testing/verdict-cases.ts'
import { slowRequests } from './slow-requests.ts'

const counted = (value: number) => [
  sample('outbound_http_route_request_statuses_total', { parent_name: 'consumer-svc', http_status: '200' }, value),
]
const facts = { slow: true, podsKept: 0, podsLeft: 2 }
const calls = answered(2000)
const lost = (n: number) => [...answered(100 - n), ...failed(n, 502)]

verdictCases(
  slowRequests,
  {
    on: { bursts: { calls, slowCalls: answered(100) }, facts, caller: counted(2100) },
    control: { bursts: { calls, slowCalls: lost(50) }, facts, caller: counted(2050) },
  },
  [
    { name: 'one slow call is lost', on: { bursts: { slowCalls: lost(1) } }, verdict: 'failed', says: /502: 1/ },
    { name: 'a pod was not replaced', on: { facts: { podsKept: 1 } }, verdict: 'failed', says: /replaced/ },
    { name: 'nothing was scaled down', on: { facts: { podsLeft: 4 } }, verdict: 'failed', says: /are left/ },
    { name: 'the calls were not slow', on: { facts: { slow: false } }, verdict: 'failed', says: /told to wait/ },
    {
      name: 'quick calls are lost, and no slow ones',
      on: { bursts: { calls: failed(2000, 502) }, caller: counted(100) },
      control: { bursts: { slowCalls: answered(100) } },
      verdict: 'not-proved',
      says: /It holds without a drain/,
    },
    { name: 'the proxy counts fewer', on: { caller: counted(2099) }, verdict: 'failed', says: /2099 counted/ },
    {
      name: 'nothing is lost without the drain either',
      control: { bursts: { slowCalls: answered(100) } },
      verdict: 'not-proved',
      says: /It holds without a drain/,
    },
  ],
)
