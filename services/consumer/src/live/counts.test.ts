import {
  type Hop,
  LIVE_LATENCY_BOUNDS_MS,
  LIVE_LIMITS,
  LiveCountsSchema,
  type Problem,
} from '@linkerd-scenario/contract'
import { Value } from 'typebox/value'
import { expect, test } from 'vitest'
import { Counts } from './counts.ts'

const hop: Hop = { service: 'provider', version: 'v1', pod: 'p1', caller: 'id', attempt: 2, status: 200, durationMs: 1 }
const problem: Problem = { type: 't', title: 't', status: 502, detail: 'd', requestId: 'r', origin: 'network' }

test('adds up what was answered and what failed', () => {
  const counts = new Counts()
  counts.add({ status: 200, latencyMs: 1, hops: [hop] })
  counts.add({ status: 200, latencyMs: 3, hops: [{ ...hop, caller: null, attempt: 1 }] })
  counts.add({ status: null, latencyMs: 20_000, hops: [], problem })
  const snapshot = counts.snapshot()
  expect(Value.Check(LiveCountsSchema, snapshot)).toBe(true)
  expect(snapshot).toMatchObject({
    ended: 3,
    failed: 1,
    byStatus: { 200: 2, none: 1 },
    byOrigin: { network: 1 },
    byFailure: { 'none network': 1 },
    byVersion: { v1: 2 },
    byPod: { p1: 2 },
    byCaller: { id: 1, none: 1 },
    byAttempt: { 1: 1, 2: 1 },
    latencySumMs: 20_004,
    latencyMaxMs: 20_000,
  })
})

test('a failure is counted by its status, its origin and the proxy that made it', () => {
  const counts = new Counts()
  counts.add({ status: 504, latencyMs: 1, hops: [], problem: { ...problem, origin: 'mesh', proxy: 'outbound' } })
  counts.add({ status: 503, latencyMs: 1, hops: [hop], problem: { ...problem, origin: 'provider' } })
  expect(counts.snapshot().byFailure).toEqual({ '504 mesh outbound': 1, '503 provider': 1 })
})

test('a latency is in the bucket of the first bound that it does not exceed', () => {
  const bucketOf = (latencyMs: number) => {
    const counts = new Counts()
    counts.add({ status: 200, latencyMs, hops: [] })
    return counts.snapshot().latency.indexOf(1)
  }
  expect(bucketOf(0)).toBe(0)
  for (const [index, bound] of LIVE_LATENCY_BOUNDS_MS.entries()) {
    expect(bucketOf(bound)).toBe(index)
    expect(bucketOf(bound + 0.001)).toBe(index + 1)
  }
})

test('names beyond the limit are counted together', () => {
  const counts = new Counts()
  for (let i = 0; i < 1000; i += 1) counts.add({ status: 200, latencyMs: 1, hops: [{ ...hop, pod: `p${i}` }] })
  counts.add({ status: 200, latencyMs: 1, hops: [{ ...hop, pod: '__proto__' }] })
  const { byPod } = counts.snapshot()
  expect(Object.keys(byPod).length).toBeLessThanOrEqual(LIVE_LIMITS.names + 1)
  expect(byPod['other']).toBe(1001 - LIVE_LIMITS.names)
})
