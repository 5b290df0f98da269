import { expect, test } from 'vitest'
import { median, quantile, ratios, spread } from './statistics.ts'

test('the median of an odd and of an even number of values, in any order', () => {
  expect(median([9, 1, 5])).toBe(5)
  expect(median([4, 1, 3, 2])).toBe(2.5)
})

test('quantiles lie between neighbours', () => {
  expect(quantile([10, 20, 30, 40, 50], 0.25)).toBe(20)
  expect(quantile([0, 10], 0.99)).toBeCloseTo(9.9)
  expect(quantile([7], 0.5)).toBe(7)
})

test('an empty list has no quantile', () => {
  expect(() => median([])).toThrow(RangeError)
})

test('the ratio is taken within each pair, so that a slow moment of the machine cancels out', () => {
  expect(
    ratios([
      [20, 10],
      [2000, 1000],
      [30, 10],
    ]),
  ).toEqual({ median: 2, q1: 2, q3: 2.5, count: 3 })
})

test('the values are not reordered', () => {
  const values = [3, 1, 2]
  spread(values)
  expect(values).toEqual([3, 1, 2])
})
