import type { LiveBatch, LiveCounts, LiveState } from '@linkerd-scenario/contract'
import { LIVE_LATENCY_BOUNDS_MS } from '@linkerd-scenario/contract/live-limits'
import { expect, test } from 'vitest'
import { percentile } from './counts.ts'
import { applyBatch, applyState, emptyModel, type Model } from './model.ts'
import { judgedTraffic, recentWindow } from './window.ts'

const settings = { paused: false, rate: 100, concurrency: 8, in: '', route: '', fault: '', minutes: 60 }

const stateAt = (now: number, rest: Partial<LiveState> = {}): LiveState => ({
  settings,
  faults: [],
  running: true,
  stopped: null,
  until: null,
  resetAt: 0,
  now,
  viewers: 1,
  consumer: { version: 'v1', pod: 'c', meshed: true },
  provider: 'provider-svc:5000',
  ...rest,
})

/** Totals after `ended` calls of 2 ms, answered by pod a. */
function totals(ended: number): LiveCounts {
  const latency = new Array<number>(LIVE_LATENCY_BOUNDS_MS.length + 1).fill(0)
  latency[4] = ended
  const all = { ended, started: ended, latency, latencySumMs: 2 * ended, latencyMaxMs: 2 }
  const by = { byStatus: { 200: ended }, byVersion: { v1: ended }, byPod: { a: ended }, byCaller: { id: ended } }
  return { ...all, ...by, failed: 0, shed: 0, late: 0, byOrigin: {}, byFailure: {}, byAttempt: { 1: ended } }
}

const batchAt = (at: number, ended: number, rest: Partial<LiveBatch> = {}): LiveBatch => ({
  seq: 1,
  at,
  windowMs: 100,
  resetAt: 0,
  inFlight: 0,
  totals: totals(ended),
  window: totals(0),
  cells: [],
  sampledFrom: 0,
  pods: [
    { pod: 'a', version: 'v1', caller: 'id', lastSeen: at, total: ended, ended: 100, failed: 0, latencySumMs: 200 },
  ],
  viewers: 1,
  dropped: 0,
  ...rest,
})

/** `seconds` of 100 calls a second, one batch each, from a second after `from`. */
const running = (seconds: number, from = 0, model: Model = applyState(emptyModel(8), stateAt(from))): Model =>
  Array.from({ length: seconds }, (_, i) => batchAt(from + (i + 1) * 1000, (from / 1000 + i + 1) * 100)).reduce(
    applyBatch,
    model,
  )

test('a thousand calls are judged, the last ones, after the settings have settled', () => {
  expect(judgedTraffic(running(3))).toBeUndefined()
  expect(judgedTraffic(running(5))).toMatchObject({ seconds: 2, counts: { ended: 200 }, meshed: true })
  expect(judgedTraffic(running(40))).toMatchObject({ seconds: 10, counts: { ended: 1000, byPod: { a: 1000 } } })
})

test('calls from before a change of the settings are not judged with those after it', () => {
  const changed = applyState(running(20), stateAt(20_000, { settings: { ...settings, route: 'v2' } }))
  expect(judgedTraffic(changed)).toBeUndefined()
  const later = running(6, 20_000, changed)
  expect(judgedTraffic(later)).toMatchObject({ seconds: 3, counts: { ended: 300 } })
  expect(recentWindow(later, 10)).toMatchObject({ seconds: 10, counts: { ended: 1000 } })
})

test('a state without news changes nothing; a reset starts over', () => {
  const model = running(10)
  expect(applyState(model, stateAt(10_000, { viewers: 2 })).settingsAt).toBe(0)
  const reset = applyState(model, stateAt(10_000, { resetAt: 10_000 }))
  expect(reset.samples).toEqual([])
  expect(applyBatch(reset, batchAt(11_000, 100, { resetAt: 10_000 })).samples).toHaveLength(1)
})

test('lost batches lose no call: the totals include them', () => {
  const model = applyBatch(running(5), batchAt(30_000, 3000))
  expect(recentWindow(model, 30)).toMatchObject({ seconds: 29, counts: { ended: 2900 } })
})

test('a pod that came and one that went are told apart', () => {
  const [a] = batchAt(0, 0).pods
  if (a === undefined) throw new Error('no pod')
  const withBoth = [8, 9, 10, 11, 12, 13, 14, 15, 16].reduce(
    (model, second) =>
      applyBatch(
        model,
        batchAt(second * 1000, second * 100, {
          pods: [
            { ...a, lastSeen: 7000, ended: 0, latencySumMs: 0 },
            { ...a, pod: 'b', lastSeen: second * 1000 },
          ],
        }),
      ),
    running(7),
  )
  const pods = recentWindow(withBoth, 15)?.pods
  expect(pods?.find(({ pod }) => pod === 'a')).toMatchObject({ came: false, gone: true })
  expect(pods?.find(({ pod }) => pod === 'b')).toMatchObject({ came: true, gone: false })
})

test('cells fill a ring: the oldest goes', () => {
  const cell = (id: number) => ({ id, requestId: String(id), startMs: 0, latencyMs: 1, status: 200, hops: [] })
  const model = applyBatch(applyState(emptyModel(3), stateAt(0)), batchAt(1, 1, { cells: [1, 2, 3, 4].map(cell) }))
  expect(model.cells.map((call) => call?.id)).toEqual([4, 2, 3])
  expect(model.head).toBe(1)
})

test('a percentile is interpolated in its bucket, and none is above the largest latency', () => {
  expect(percentile(totals(0), 0.5)).toBeNull()
  expect(percentile(totals(100), 0.5)).toBeCloseTo(1.75)
  expect(percentile({ ...totals(100), latencyMaxMs: 1.6 }, 0.99)).toBeLessThanOrEqual(1.6)
})
