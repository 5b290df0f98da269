import { expect, test } from 'vitest'
import { Readiness } from './readiness.ts'

test('starting, ok, switched off and back, and finally draining, for good', () => {
  const readiness = new Readiness()
  const seen = [readiness.status]
  const steps = [
    () => readiness.start(),
    () => readiness.switch(false),
    () => readiness.switch(true),
    () => readiness.drain(),
    () => readiness.switch(true),
    () => readiness.start(),
  ]
  for (const step of steps) {
    step()
    seen.push(readiness.status)
  }
  expect(seen).toEqual(['starting', 'ok', 'switched-off', 'ok', 'draining', 'draining', 'draining'])
})
