import { expect, test } from 'vitest'
import { FEATURES } from '../features/index.ts'
import { batchesOf } from './batches.ts'
import { forecastS } from './forecast.ts'
import { SET_UP_S, typicalS } from './typical-durations.ts'

const BATCHES = batchesOf(FEATURES)
const sumS = BATCHES.reduce((sum, { name }) => sum + typicalS(name), 0)
const longestS = Math.max(...BATCHES.map(({ name }) => typicalS(name)))

test('one lane takes the sum of its features', () => {
  expect(forecastS(BATCHES, 1)).toBeCloseTo(SET_UP_S + sumS)
  expect(forecastS([], 1)).toBe(SET_UP_S)
})

test('more lanes are never slower, and never faster than the longest feature or an even share', () => {
  const [one = 0, two = 0, three = 0] = [1, 2, 3].map((lanes) => forecastS(BATCHES, lanes))
  expect(two).toBeLessThan(one)
  expect(three).toBeLessThan(two)
  expect(two).toBeGreaterThan(SET_UP_S + sumS / 2)
  expect(three).toBeGreaterThan(SET_UP_S + Math.max(longestS, sumS / 3))
})

test('features that need quiet do not run at the same time', () => {
  const quiet = ['a', 'b'].map((name) => ({ name, workloads: {}, needsQuiet: 'why' }))
  expect(forecastS(quiet, 2)).toBeCloseTo(SET_UP_S + 2 * typicalS('a'))
})

test('every feature has a typical duration of its own', () => {
  const unknown = typicalS('unknown')
  expect(FEATURES.filter(({ name }) => typicalS(name) === unknown)).toEqual([])
})
