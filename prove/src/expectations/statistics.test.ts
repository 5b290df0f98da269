import { expect, test } from 'vitest'
import { binomialBounds, detectable, FALSE_ALARM } from './statistics.ts'

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

test.each([
  { n: 1000, p: 0.1 },
  { n: 240, p: 1 / 3 },
  { n: 50, p: 0.5 },
  { n: 600, p: 0.02 },
])(
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

test('certain and impossible hits have one number each', () => {
  expect(binomialBounds(100, 0)).toEqual({ least: 0, most: 0 })
  expect(binomialBounds(100, 1)).toEqual({ least: 100, most: 100 })
})

test('a thousand calls distinguish a tenth from 16 % and from 5 %', () => {
  const { below, above } = detectable(1000, 0.1)
  expect(above).toBeGreaterThan(0.15)
  expect(above).toBeLessThan(0.18)
  expect(below).toBeGreaterThan(0.04)
  expect(below).toBeLessThan(0.06)
})

test('figures of a table: of 10,000 calls at a hundredth, and of 5 at a half', () => {
  expect(binomialBounds(10_000, 0.01)).toEqual({ least: 64, most: 141 })
  expect(binomialBounds(5, 0.5, 0.1)).toEqual({ least: 1, most: 4 })
})
