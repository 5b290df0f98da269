import { expect, test } from 'vitest'
import { newSeed, randomStream } from './random.ts'

const take = (n: number, ...name: [string, ...string[]]) => {
  const stream = randomStream(...name)
  return Array.from({ length: n }, () => stream())
}

test('the same seed and name give the same numbers, any other seed or name gives others', () => {
  const numbers = take(100, 'seed', 'a', 'b')
  expect(take(100, 'seed', 'a', 'b')).toEqual(numbers)
  for (const other of [take(100, 'seed2', 'a', 'b'), take(100, 'seed', 'ab'), take(100, 'seed', 'a', 'c')]) {
    expect(other.filter((number, i) => number === numbers[i])).toEqual([])
  }
})

test('the numbers are spread evenly over [0, 1)', () => {
  const bins = new Array<number>(100).fill(0)
  const numbers = take(100_000, 'even')
  expect(numbers.every((number) => number >= 0 && number < 1)).toBe(true)
  for (const number of numbers) {
    const bin = Math.floor(number * 100)
    bins[bin] = (bins[bin] ?? 0) + 1
  }
  const chiSquare = bins.reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0)
  // 99.9 % of the chi-square distribution with 99 degrees of freedom, both sides.
  expect(chiSquare).toBeLessThan(148.2)
  expect(chiSquare).toBeGreaterThan(59.4)
})

test('each process has its own seed', () => {
  expect(newSeed()).not.toBe(newSeed())
})
