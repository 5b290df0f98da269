import { expect, test } from 'vitest'
import { answered, observed } from '../../testing/fixtures.ts'
import { lateCalls } from './late-calls.ts'

test('a burst is late if half of its calls are, and not because of some', () => {
  const half = [...answered(4, { latencyMs: 20 }), ...answered(6, { latencyMs: 604.3 })]
  const some = [...answered(6, { latencyMs: 20 }), ...answered(4, { latencyMs: 5000 })]
  expect(lateCalls({ calls: 400 }, observed(half))).toBe('half of calls took over 604 ms, where 400 ms are enough')
  expect(lateCalls({ calls: 400 }, observed(some))).toBeUndefined()
  expect(lateCalls({}, observed(half))).toBeUndefined()
  expect(lateCalls({ others: 1 }, observed(half))).toBeUndefined()
})
