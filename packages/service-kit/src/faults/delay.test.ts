import fc from 'fast-check'
import { expect, test } from 'vitest'
import { delayMs } from './delay.ts'

const grid = Array.from({ length: 10_000 }, (_, i) => (i + 0.5) / 10_000)

test('a fixed delay is not random', () => {
  expect(grid.every((random) => delayMs({ kind: 'delay', ms: 100 }, random) === 100)).toBe(true)
})

test('every delay from ms to max is equally likely', () => {
  const delays = grid.map((random) => delayMs({ kind: 'delay', ms: 100, max: 300 }, random))
  expect(Math.min(...delays)).toBeCloseTo(100, 1)
  expect(Math.max(...delays)).toBeCloseTo(300, 1)
  expect(delays.filter((ms) => ms < 150)).toHaveLength(2500)
})

test('percentiles are exact, and no delay is far outside', () => {
  const delays = grid.map((random) => delayMs({ kind: 'delay', p50: 20, p95: 200, p99: 1000 }, random))
  for (const [share, ms] of [
    [0.5, 20],
    [0.95, 200],
    [0.99, 1000],
  ] as const) {
    expect(delays.filter((delay) => delay <= ms)).toHaveLength(share * 10_000)
  }
  expect(Math.min(...delays)).toBeGreaterThanOrEqual(2)
  expect(Math.max(...delays)).toBeLessThan(1000 * 5 ** 0.25)
})

test('three equal percentiles are a fixed delay, and three zeros are no delay', () => {
  for (const ms of [0, 7]) {
    const delays = grid.map((random) => delayMs({ kind: 'delay', p50: ms, p95: ms, p99: ms }, random))
    expect(Math.max(...delays.map((delay) => Math.abs(delay - ms)))).toBeLessThan(1e-9)
  }
})

test('whatever the percentiles, a larger random number never waits less, nor above 600 s', () => {
  const ms = fc.integer({ min: 0, max: 600_000_000 }).map((micros) => micros / 1000)
  const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })
  fc.assert(
    fc.property(fc.tuple(ms, ms, ms), fc.tuple(random, random), (percentiles, randoms) => {
      const [p50 = 0, p95 = 0, p99 = 0] = percentiles.toSorted((a, b) => a - b)
      const [less, more] = randoms
        .toSorted((a, b) => a - b)
        .map((number) => delayMs({ kind: 'delay', p50, p95, p99 }, number))
      expect(less).toBeGreaterThanOrEqual(0)
      expect(more).toBeGreaterThanOrEqual((less ?? 0) * (1 - 1e-12))
      expect(more).toBeLessThanOrEqual(600_000 * (1 + 1e-12))
    }),
  )
})
