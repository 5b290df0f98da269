import { expect, test } from 'vitest'
import { colours } from './scale.ts'

const named = (rows: readonly Record<string, number>[]) =>
  Object.fromEntries(colours(rows).map(({ key, colour }) => [key, colour]))

test('success has the first colour, and no failure ever has it', () => {
  expect(named([{ 200: 1, '503 provider': 9 }, { '429 mesh': 20 }])).toEqual({
    200: 'c0',
    '429 mesh': 'c1',
    '503 provider': 'c2',
  })
  expect(named([{ '503 provider': 9 }])).toEqual({ '503 provider': 'c1' })
})

test('versions have their colours by name, so that charts can be compared', () => {
  expect(named([{ v2: 900, v1: 100 }])).toEqual(named([{ v1: 900 }, { v2: 100 }]))
})

test('keys that exceed the colours share the last', () => {
  const many = Object.fromEntries(Array.from({ length: 9 }, (_, index) => [`pod-${index}`, 1]))
  expect(new Set(Object.values(named([many])).slice(5))).toEqual(new Set(['c4']))
})
