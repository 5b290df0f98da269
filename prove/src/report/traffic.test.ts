import type { BurstCall, BurstReport } from '@linkerd-scenario/contract'
import { expect, test } from 'vitest'
import { trafficOf } from './traffic.ts'

const call = (startMs: number, status: number | null, origin?: BurstCall['origin']): BurstCall => ({
  requestId: 'r',
  startMs,
  latencyMs: 5,
  status,
  ...(origin === undefined ? {} : { origin }),
})
const burst = (calls?: BurstCall[]): BurstReport => ({
  total: 4,
  byStatus: { 200: 2, 503: 1, none: 1 },
  byOrigin: {},
  byVersion: { v1: 3 },
  byPod: { a: 2, b: 1 },
  byCaller: {},
  byAttempt: {},
  latencyMs: { min: 1, mean: 2, p50: 2, p90: 3, p95: 4, p99: 5, max: 6 },
  durationMs: 400,
  ...(calls === undefined ? {} : { calls }),
})

test('calls are counted by outcome, in all and in each step of time', () => {
  const [traffic] = trafficOf({
    calls: burst([call(0, 200), call(5, 200), call(395, 503, 'provider'), call(400, null, 'network')]),
  })
  expect(traffic).toMatchObject({
    name: 'calls',
    outcomes: { 200: 2, '503 provider': 1, 'none network': 1 },
    versions: { v1: 3 },
    pods: { a: 2, b: 1 },
    latencyMs: { p50: 2, p90: 3, p99: 5, max: 6 },
  })
  expect(traffic?.timeline?.stepMs).toBe(10)
  expect(traffic?.timeline?.outcomes['200']?.[0]).toBe(2)
  // The last step includes calls that start at the very end.
  expect(traffic?.timeline?.outcomes['503 provider']?.at(-1)).toBe(1)
  expect(traffic?.timeline?.outcomes['none network']?.at(-1)).toBe(1)
})

test('a burst without detail has its statuses and no timeline', () => {
  const [traffic] = trafficOf({ calls: burst() })
  expect(traffic?.outcomes).toEqual({ 200: 2, 503: 1, none: 1 })
  expect(traffic?.timeline).toBeUndefined()
})
