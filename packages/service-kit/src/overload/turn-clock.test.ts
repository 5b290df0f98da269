import { setImmediate as turn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { TurnClock } from './turn-clock.ts'

test('a turn ages while it lasts, and the next begins at zero', async () => {
  const clock = new TurnClock()
  expect(clock.ageMs()).toBe(0)
  const until = performance.now() + 20
  while (performance.now() < until);
  expect(clock.ageMs()).toBeGreaterThanOrEqual(19)
  await turn()
  expect(clock.ageMs()).toBe(0)
})
