import { expect, test } from 'vitest'
import { answered, observed, refused } from '../../testing/fixtures.ts'
import { shedCalls } from './shed-calls.ts'

test('only 503 with Retry-After of a service is shed load', () => {
  const shed = answered(2, { status: 503, origin: 'provider', retryAfter: '1' })
  const own = answered(1, { status: 503, origin: 'consumer', retryAfter: '1' })
  const others = [
    ...answered(5),
    ...answered(5, { status: 503, origin: 'provider' }),
    ...answered(5, { status: 429, origin: 'provider', retryAfter: '1' }),
    ...refused(5, 503, { retryAfter: '1' }),
  ]
  expect(shedCalls(observed([...others, ...shed, ...own]))).toBe(3)
  expect(shedCalls(observed(others))).toBe(0)
})
