import { answered } from '../../testing/fixtures.ts'
import { failed, sample, verdictCases } from '../../testing/verdict-cases.ts'
import { rollout } from './rollout.ts'

const counted = (value: number) => [
  sample('outbound_http_route_request_statuses_total', { parent_name: 'consumer-svc', http_status: '200' }, value),
]
const facts = { enough: true, podsKept: 0 }
const slowCalls = answered(100)
const lost = (n: number) => [...answered(2000 - n), ...failed(n, 502)]

verdictCases(
  rollout,
  {
    on: { bursts: { calls: answered(2000), slowCalls }, facts, caller: counted(2100) },
    control: { bursts: { calls: lost(40), slowCalls }, facts, caller: counted(2060) },
  },
  [
    { name: 'one call of 2000 is lost', on: { bursts: { calls: lost(1) } }, verdict: 'failed', says: /502: 1/ },
    { name: 'a pod was not replaced', on: { facts: { podsKept: 1 } }, verdict: 'failed', says: /replaced/ },
    { name: 'too few calls', on: { facts: { enough: false } }, verdict: 'failed', says: /enough calls/ },
    { name: 'the proxy counts fewer', on: { caller: counted(2099) }, verdict: 'failed', says: /2099 counted/ },
    {
      name: 'hardly anything is lost without the drain: that may be chance',
      control: { bursts: { calls: lost(3) } },
      verdict: 'not-proved',
      says: /at least 10 calls/,
    },
    {
      name: 'slow calls are lost, and no others',
      on: { bursts: { slowCalls: failed(100, 502) }, caller: counted(2000) },
      control: { bursts: { calls: answered(2000) } },
      verdict: 'not-proved',
      says: /It holds without a drain/,
    },
    {
      name: 'nothing is lost without the drain either',
      control: { bursts: { calls: answered(2000) } },
      verdict: 'not-proved',
      says: /It holds without a drain/,
    },
  ],
)
