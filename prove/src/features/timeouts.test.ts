import type { BurstCall } from '@linkerd-scenario/contract'
import { expect, test } from 'vitest'
import { answered, reportOf } from '../../testing/fixtures.ts'
import { ended, failed, sample, verdictCases } from '../../testing/verdict-cases.ts'
import { timeouts } from './timeouts.ts'

const counted = (value: number) => [
  sample(
    'outbound_http_route_request_statuses_total',
    { parent_kind: 'Service', parent_name: 'provider-svc', route_name: 'provider-timeout', error: 'REQUEST_TIMEOUT' },
    value,
  ),
]
const cut = (latencyMs: number, status = 504) => ended(20, status, { latencyMs })
/** All but one call take 505 ms. */
const oneOf = (n: number, latencyMs: number) => [
  ...ended(n - 1, 504, { latencyMs: 505 }),
  ...ended(1, 504, { latencyMs }),
]

verdictCases(
  timeouts,
  {
    on: { bursts: { quick: answered(20, { latencyMs: 20 }), slow: cut(505) }, caller: counted(20) },
    control: { bursts: { quick: answered(20), slow: answered(20, { latencyMs: 2005 }) }, caller: [] },
  },
  [
    { name: 'no timeout', on: { bursts: { slow: answered(20, { latencyMs: 2005 }) } }, verdict: 'failed', says: /504/ },
    { name: 'too early', on: { bursts: { slow: cut(300) } }, verdict: 'failed', says: /about 500 ms/ },
    { name: 'too late', on: { bursts: { slow: cut(1500) } }, verdict: 'failed', says: /about 500 ms/ },
    { name: 'another status', on: { bursts: { slow: cut(505, 503) } }, verdict: 'failed', says: /503/ },
    { name: 'one that hangs', on: { bursts: { slow: oneOf(20, 1990) } }, verdict: 'failed', says: /whole delay/ },
    {
      name: 'the service ends it, not the proxy',
      on: { bursts: { slow: failed(20, 504, { latencyMs: 505 }) } },
      verdict: 'failed',
      says: /made by provider/,
    },
    {
      name: 'quick calls are ended as well',
      on: { bursts: { quick: ended(20, 504) } },
      verdict: 'failed',
      says: /quick/,
    },
    { name: 'the timeouts are not counted', on: { caller: [] }, verdict: 'failed', says: /0 counted/ },
    {
      name: 'ended without the route as well',
      control: { bursts: { slow: cut(505) }, caller: counted(20) },
      verdict: 'not-proved',
      says: /It holds without the route/,
    },
  ],
)

test('quick calls that a proxy ends late show a machine that is short of time, and nothing else does', () => {
  const shown = (quick: readonly BurstCall[], slow: readonly BurstCall[]) =>
    timeouts.shortOfTime?.({ bursts: { quick: reportOf(quick), slow: reportOf(slow) }, proxies: {}, facts: {} })
  expect(shown(cut(946), cut(505))).toContain('946 ms')
  expect(shown(cut(505), cut(505))).toBeUndefined()
  expect(shown(answered(20, { latencyMs: 900 }), cut(1500))).toBeUndefined()
})
