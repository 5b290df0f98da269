import { seeded } from '@linkerd-scenario/test-kit/seeded'
import { expect, test } from 'vitest'
import { Sample } from './sample.ts'

test('keeps all items while there is room', () => {
  const sample = new Sample<number>(3)
  for (const item of [1, 2, 3]) sample.add(item)
  expect(sample.take()).toEqual({ items: [1, 2, 3], seen: 3 })
  expect(sample.take()).toEqual({ items: [], seen: 0 })
})

test('each item of many has the same chance', () => {
  const kept = new Array<number>(100).fill(0)
  const sample = new Sample<number>(10, seeded(7))
  for (let run = 0; run < 2000; run += 1) {
    for (let item = 0; item < 100; item += 1) sample.add(item)
    const { items, seen } = sample.take()
    expect(items).toHaveLength(10)
    expect(seen).toBe(100)
    for (const item of items) kept[item] = (kept[item] ?? 0) + 1
  }
  // 200 expected, standard deviation 13.4: outside of six of them once in 500 million.
  for (const count of kept) {
    expect(count).toBeGreaterThan(120)
    expect(count).toBeLessThan(280)
  }
})
