import { setImmediate as turn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { TurnQueue } from './overload.ts'

function busy(ms: number): void {
  const until = performance.now() + ms
  while (performance.now() < until);
}

test('early in a turn a task runs at once', () => {
  const ran: number[] = []
  const queue = new TurnQueue()
  queue.run(() => ran.push(1))
  queue.run(() => ran.push(2))
  expect(ran).toEqual([1, 2])
})

test('long tasks share the turns with others, and keep their order', async () => {
  const ran: number[] = []
  const queue = new TurnQueue()
  for (let task = 0; task < 8; task += 1) {
    queue.run(() => {
      busy(15)
      ran.push(task)
    })
  }
  expect(ran.length).toBeLessThan(8)
  const seen = [ran.length]
  while (ran.length < 8) {
    await turn()
    seen.push(ran.length)
  }
  expect(ran).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
  expect(new Set(seen).size).toBeGreaterThanOrEqual(4)
})

test('a turn ages while it lasts, and the next begins at zero', async () => {
  const queue = new TurnQueue()
  expect(queue.ageMs()).toBe(0)
  busy(20)
  expect(queue.ageMs()).toBeGreaterThanOrEqual(19)
  await turn()
  expect(queue.ageMs()).toBe(0)
})
