import { expect, test } from 'vitest'
import { binomialBounds, chanceOfAtMost, FALSE_ALARM } from './binomial.ts'

/** The binomial distribution function by its definition, as a reference. */
function exactCdf(k: number, n: number, p: number): number {
  let term = (1 - p) ** n
  let sum = term
  for (let i = 1; i <= k; i += 1) {
    term *= ((n - i + 1) / i) * (p / (1 - p))
    sum += term
  }
  return sum
}

const SAMPLES = [
  { n: 1000, p: 0.1 },
  { n: 240, p: 1 / 3 },
  { n: 50, p: 0.5 },
  { n: 600, p: 0.02 },
]

test.each(SAMPLES)(
  'outside the bounds of $n calls at $p lies no more than the false alarm, and the next number would be more',
  ({ n, p }) => {
    const { least, most } = binomialBounds(n, p)
    const tail = FALSE_ALARM / 2
    expect(exactCdf(least - 1, n, p)).toBeLessThanOrEqual(tail)
    expect(exactCdf(least, n, p)).toBeGreaterThan(tail)
    expect(1 - exactCdf(most, n, p)).toBeLessThanOrEqual(tail)
    expect(1 - exactCdf(most - 1, n, p)).toBeGreaterThan(tail)
  },
)

test.each(SAMPLES)('the chance of at most so many hits of $n calls at $p is that of the definition', ({ n, p }) => {
  for (const k of [0, Math.round(n * p), n - 1]) expect(chanceOfAtMost(k, n, p)).toBeCloseTo(exactCdf(k, n, p), 10)
  expect(chanceOfAtMost(-1, n, p)).toBe(0)
})

test('certain and impossible hits have one number each', () => {
  expect(binomialBounds(100, 0)).toEqual({ least: 0, most: 0 })
  expect(binomialBounds(100, 1)).toEqual({ least: 100, most: 100 })
})

test('figures of a table, and those that the documents name', () => {
  expect(binomialBounds(10_000, 0.01)).toEqual({ least: 64, most: 141 })
  expect(binomialBounds(5, 0.5, 0.1)).toEqual({ least: 1, most: 4 })
  expect(binomialBounds(1000, 0.1)).toEqual({ least: 65, most: 139 })
})

test('of 60,000 calls, where small terms would vanish, the bounds are about four deviations wide on each side', () => {
  const { least, most } = binomialBounds(60_000, 0.1)
  const deviation = Math.sqrt(60_000 * 0.1 * 0.9)
  expect((6000 - least) / deviation).toBeCloseTo(3.9, 0)
  expect((most - 6000) / deviation).toBeCloseTo(3.9, 0)
})
