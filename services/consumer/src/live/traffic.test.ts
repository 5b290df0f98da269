import {
  type Hop,
  LIVE_LIMITS,
  LiveBatchSchema,
  type TrafficSettings,
  TrafficSettingsSchema,
} from '@linkerd-scenario/contract'
import { Value } from 'typebox/value'
import { expect, test } from 'vitest'
import type { CallResult } from './call-result.ts'
import { type StartedCall, Traffic } from './traffic.ts'

const T0 = 1_800_000_000_000
const hop: Hop = { service: 'provider', version: 'v1', pod: 'p1', caller: null, attempt: 1, status: 200, durationMs: 1 }
const OK: CallResult = { status: 200, latencyMs: 2, hops: [hop], message: 'hello' }
const FAILED: CallResult = {
  status: 502,
  latencyMs: 2,
  hops: [],
  problem: { type: 't', title: 't', status: 502, detail: 'd', requestId: 'r', origin: 'mesh', proxy: 'inbound' },
}

const settings = (some: Partial<TrafficSettings>) =>
  Value.Default(TrafficSettingsSchema, { ...some }) as TrafficSettings

function running(some: Partial<TrafficSettings>): Traffic {
  const traffic = new Traffic(T0)
  traffic.configure(settings(some), T0)
  return traffic
}

const end = (traffic: Traffic, call: StartedCall, result: CallResult, now: number) =>
  traffic.ended({ ...call, requestId: `r${call.id}` }, result, now)

/** Moves the clock by milliseconds up to `until`; each call ends after `latencyMs`. Returns how many were made. */
function run(traffic: Traffic, until: number, latencyMs: number): number {
  const ends: { at: number; call: StartedCall }[] = []
  let made = 0
  for (let now = T0; now < until; now += 1) {
    while (ends[0] !== undefined && ends[0].at <= now) {
      const { call } = ends.shift() as { call: StartedCall }
      end(traffic, call, { ...OK, latencyMs }, now)
    }
    for (const call of traffic.due(now)) {
      made += 1
      ends.push({ at: now + latencyMs, call })
    }
  }
  return made
}

test('makes no call before it is started', () => {
  const traffic = new Traffic(T0)
  expect(traffic.due(T0 + 60_000)).toEqual([])
  expect(traffic.stopped).toBe('paused')
  expect(traffic.nextAt).toBe(Number.POSITIVE_INFINITY)
})

test('a slow provider does not slow the clock, as long as the concurrency lasts', () => {
  for (const latencyMs of [1, 500]) {
    expect(run(running({ rate: 200, concurrency: 128 }), T0 + 10_000, latencyMs)).toBe(2000)
  }
})

test('what exceeds the concurrency is shed and counted, and made and shed add up to the schedule', () => {
  const traffic = running({ rate: 100, concurrency: 10 })
  const made = run(traffic, T0 + 10_000, 1000)
  expect(made).toBe(100)
  expect(traffic.inFlight).toBe(10)
  const totals = traffic.batch(T0 + 10_000)?.totals
  expect(totals).toMatchObject({ started: 100, ended: 90, shed: 900 })
})

test('a call that starts far behind its schedule is late', () => {
  const traffic = running({ rate: 10 })
  expect(traffic.due(T0 + 249)).toHaveLength(3)
  // Due 249, 149 and 49 ms before.
  expect(traffic.batch(T0 + 249)?.totals.late).toBe(2)
})

test('pauses, goes on, and ends at its limit', () => {
  const traffic = running({ rate: 10, minutes: 1 })
  expect(traffic.until).toBe(T0 + 60_000)
  traffic.configure(settings({ paused: true }), T0 + 10)
  expect(traffic.stopped).toBe('paused')
  expect(traffic.due(T0 + 5000)).toEqual([])
  traffic.configure(settings({ rate: 10, minutes: 2 }), T0 + 10_000)
  expect(traffic.due(T0 + 10_000)).toHaveLength(1)
  expect(traffic.due(T0 + 129_999).length).toBeGreaterThan(0)
  expect(traffic.due(T0 + 130_000)).toEqual([])
  expect(traffic).toMatchObject({ stopped: 'limit', until: null })
})

test('at rate 0 it still ends at its limit', () => {
  const traffic = running({ rate: 0, minutes: 1 })
  expect(traffic.nextAt).toBe(T0 + 60_000)
  expect(traffic.due(T0 + 60_000)).toEqual([])
  expect(traffic.stopped).toBe('limit')
})

test('a reset counts from zero, and calls from before it count nowhere', () => {
  const traffic = running({ rate: 10 })
  const [before] = traffic.due(T0)
  traffic.reset(T0 + 50)
  const [after] = traffic.due(T0 + 100)
  expect([before?.id, after?.id]).toEqual([1, 1])
  end(traffic, before as StartedCall, FAILED, T0 + 110)
  end(traffic, after as StartedCall, OK, T0 + 110)
  expect(traffic.inFlight).toBe(0)
  expect(traffic.batch(T0 + 120)).toMatchObject({
    resetAt: T0 + 50,
    totals: { started: 1, ended: 1, failed: 0 },
    cells: [{ id: 1, status: 200 }],
  })
})

test('a batch has the window and the totals; the next one only what is new', () => {
  const traffic = running({ rate: 20, concurrency: 64 })
  const [first, second] = [...traffic.due(T0), ...traffic.due(T0 + 50)]
  end(traffic, first as StartedCall, OK, T0 + 60)
  end(traffic, second as StartedCall, FAILED, T0 + 70)
  const batch = traffic.batch(T0 + 90)
  expect(Value.Errors(LiveBatchSchema, { ...batch, viewers: 1, dropped: 0 })).toEqual([])
  expect(batch).toMatchObject({
    seq: 1,
    windowMs: 90,
    inFlight: 0,
    totals: { ended: 2, failed: 1 },
    window: { started: 2, ended: 2, byOrigin: { mesh: 1 } },
    cells: [
      { id: 1, requestId: 'r1', status: 200, pod: 'p1', message: 'hello', hops: [hop] },
      { id: 2, requestId: 'r2', status: 502, origin: 'mesh', proxy: 'inbound', problem: FAILED.problem, hops: [] },
    ],
    sampledFrom: 2,
    pods: [{ pod: 'p1', version: 'v1', total: 1, ended: 1, failed: 0, lastSeen: T0 + 60 }],
  })
  const [third] = traffic.due(T0 + 100)
  end(traffic, third as StartedCall, OK, T0 + 101)
  expect(traffic.batch(T0 + 190)).toMatchObject({
    seq: 2,
    totals: { ended: 3 },
    window: { ended: 1 },
    cells: [{ id: 3 }],
    pods: [{ total: 2, ended: 1 }],
  })
})

test('of many calls the cells are a sample, and the counts stay exact', () => {
  const traffic = running({ rate: 1000, concurrency: 256 })
  for (const call of traffic.due(T0 + 99)) end(traffic, call, OK, T0 + 99)
  const batch = traffic.batch(T0 + 100)
  expect(batch?.cells).toHaveLength(LIVE_LIMITS.cells)
  expect(batch?.sampledFrom).toBe(100)
  expect(batch?.window.ended).toBe(100)
})

test('while nothing happens there is one batch a second', () => {
  const traffic = new Traffic(T0)
  const batches = Array.from({ length: 50 }, (_, tick) => traffic.batch(T0 + tick * 100))
  expect(batches.filter((batch) => batch !== undefined)).toHaveLength(4)
})

test('the number of remembered pods is bounded', () => {
  const traffic = running({ rate: 1000, concurrency: 256 })
  for (const call of traffic.due(T0 + 199)) {
    end(traffic, call, { ...OK, hops: [{ ...hop, pod: `pod-${call.id}` }] }, T0 + call.id)
  }
  const pods = traffic.batch(T0 + 200)?.pods.map(({ pod }) => pod)
  expect(pods).toHaveLength(LIVE_LIMITS.names)
  expect(pods?.at(-1)).toBe('pod-200')
})
