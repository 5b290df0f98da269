import { expect, test } from 'vitest'
import { monotonicMs } from './pace.ts'
import { ScheduleTally } from './schedule-tally.ts'

const callDueAgo = (ms: number, counts = true) => {
  const now = monotonicMs()
  return { counts, dueAt: now - ms, sentAt: now - ms / 2 }
}

test('calls count by status, latency from when they were due, and the warm-up not at all', async () => {
  const tally = new ScheduleTally(5)
  tally.ended(callDueAgo(1, false), '200')
  tally.ended(callDueAgo(100), '200')
  tally.ended(callDueAgo(100), '200', false)
  tally.ended(callDueAgo(10), '503')
  tally.ended(callDueAgo(10), 'none')
  await tally.allEnded
  const { byStatus, wrong, latencyMs, answerMs } = tally.result(4, 1)
  expect({ byStatus, wrong }).toEqual({ byStatus: { 200: 2, 503: 1, none: 1 }, wrong: 1 })
  expect(latencyMs['200']?.p50).toBeCloseTo(100, -1)
  expect(answerMs['200']?.p50).toBeCloseTo(50, -1)
})

test('a call that never ended is one without an answer', () => {
  const tally = new ScheduleTally(2)
  tally.ended(callDueAgo(1), '200')
  expect(tally.result(2, 1).byStatus).toEqual({ 200: 1, none: 1 })
})
