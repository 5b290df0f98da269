import { expect, test } from 'vitest'
import { answered, call, observed, refused } from '../../testing/fixtures.ts'
import { areGivenUp, lateCalls } from './late-calls.ts'

test('a burst is late if half of its calls are, and not because of some', () => {
  const half = [...answered(4, { latencyMs: 20 }), ...answered(6, { latencyMs: 604.3 })]
  const some = [...answered(6, { latencyMs: 20 }), ...answered(4, { latencyMs: 5000 })]
  expect(lateCalls(observed(half), 'calls', 400)).toBe('half of calls took over 604 ms, where 400 ms are enough')
  expect(lateCalls(observed(some), 'calls', 400)).toBeUndefined()
  expect(lateCalls(observed(half), 'others', 1)).toBeUndefined()
})

test('a call that a consumer has given up is told from one that was answered wrongly, or broken off', () => {
  const givenUp = call({ status: null, origin: 'consumer', error: 'UPSTREAM_TIMEOUT' })
  const handedOn = call({ status: 504, origin: 'consumer' })
  expect(areGivenUp(observed([...answered(3), givenUp, handedOn]))).toBe(true)
  expect(areGivenUp(observed(answered(3)))).toBe(false)
  const others = [
    call({ status: null, origin: 'network' }),
    call({ status: 502, origin: 'consumer' }),
    ...refused(1, 504),
  ]
  for (const other of others) expect(areGivenUp(observed([...answered(3), givenUp, other]))).toBe(false)
})
