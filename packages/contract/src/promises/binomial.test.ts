import { expect, test } from 'vitest'
import { binomialBounds } from './binomial.ts'

test('the bounds are those that the prover documents', () => {
  expect(binomialBounds(1000, 0.1)).toEqual({ least: 65, most: 139 })
})

test.each([
  [20, 0.1],
  [100, 1 / 3],
  [60_000, 0.1],
])('of %d calls with share %d the expected number is within, and the bounds are tight', (n, p) => {
  const { least, most } = binomialBounds(n, p)
  const deviation = Math.sqrt(n * p * (1 - p))
  expect(least).toBeLessThanOrEqual(n * p)
  expect(most).toBeGreaterThanOrEqual(n * p)
  expect((most - least) / deviation).toBeGreaterThan(5)
  expect((most - least) / deviation).toBeLessThan(9)
})
