import { expect, test } from 'vitest'
import { FaultValueError } from './fault-error.ts'
import { readFaults } from './read-faults.ts'

test.each([
  [{}, '', 'an array'],
  [null, '', 'an array'],
  [[], '', 'no fault'],
  [Array.from({ length: 17 }, () => ({ kind: 'reset' })), '', 'at most 16'],
  [['reset'], '/0', 'an object'],
  [[[]], '/0', 'an object'],
  [[{}], '/0/kind', 'the kinds are'],
  [[{ kind: 'reset' }, { kind: 'status' }], '/1/code', 'status needs code'],
  [[{ kind: 'status', code: '503' }], '/0/code', 'a whole number from 400 to 599'],
  [[{ kind: 'reset', rate: 0.0005 }], '/0/rate', 'three digits'],
  [[{ kind: 'reset', retryAfter: 1 }], '/0/retryAfter', 'reset has no'],
  [[{ kind: 'delay', ms: 5, max: 4 }], '/0/max', 'not below'],
  [JSON.parse('[{"kind":"reset","__proto__":{}}]'), '/0/__proto__', 'reset has no'],
])('%j is refused at %j', (value, path, message) => {
  let caught: unknown
  try {
    readFaults(value)
  } catch (error) {
    caught = error
  }
  expect(caught).toBeInstanceOf(FaultValueError)
  expect((caught as FaultValueError).path).toBe(path)
  expect((caught as FaultValueError).message).toContain(message)
})
