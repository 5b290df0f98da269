import type { LiveCounts } from '@linkerd-scenario/contract'
import { LIVE_LATENCY_BOUNDS_MS } from '@linkerd-scenario/contract/live-limits'
import { expect, test } from 'vitest'
import type { Sample } from './model.ts'
import { chartData, type Series } from './series.ts'

type Tally = Record<string, number>

const NONE: LiveCounts = {
  ...{ started: 0, ended: 0, failed: 0, shed: 0, late: 0, latencySumMs: 0, latencyMaxMs: 0 },
  ...{ byStatus: {}, byOrigin: {}, byFailure: {}, byVersion: {}, byPod: {}, byCaller: {}, byAttempt: {} },
  latency: new Array<number>(LIVE_LATENCY_BOUNDS_MS.length + 1).fill(0),
}

/** Two samples, two seconds apart; between them so many calls failed in these ways, and were answered at these attempts. */
function samplesOf(byFailure: Tally, byAttempt: Tally = {}): Sample[] {
  const failed = sum(Object.values(byFailure))
  const totals: LiveCounts = { ...NONE, ended: failed + 10, failed, byFailure, byAttempt }
  return [
    { at: 10_000, totals: NONE, pods: new Map() },
    { at: 12_000, totals, pods: new Map() },
  ]
}

const sum = (values: readonly (number | null)[]) => values.reduce<number>((total, value) => total + (value ?? 0), 0)
const valuesOf = (series: readonly Series[]) => Object.fromEntries(series.map(({ name, values }) => [name, values]))

test('the rate by result is that of the interval, and few failures have a line each', () => {
  const { times, results } = chartData(samplesOf({ '503 provider': 4, '504 consumer': 2 }))
  expect(times).toEqual([12])
  expect(valuesOf(results)).toEqual({ ok: [5], '503 provider': [2], '504 consumer': [1] })
})

test('of many failures the commonest have a line each, the others one together, and no call is missing', () => {
  const byFailure = { a: 20, b: 18, c: 16, d: 14, e: 3, f: 1, other: 100 }
  const { results } = chartData(samplesOf(byFailure))
  expect(valuesOf(results)).toEqual({ ok: [5], a: [10], b: [9], c: [8], d: [7], other: [52] })
  expect(sum(results.flatMap(({ values }) => values))).toBe((sum(Object.values(byFailure)) + 10) / 2)
})

test('the first attempts have a line each, in their order, and the later ones one together', () => {
  const { attempts } = chartData(samplesOf({}, { 10: 2, 2: 8, 1: 10, 3: 6, 4: 4, 5: 4, 6: 2, other: 2 }))
  expect(attempts.map(({ name }) => name)).toEqual(['1', '2', '3', '4', '5', 'other'])
  expect(valuesOf(attempts)['other']).toEqual([3])
})
