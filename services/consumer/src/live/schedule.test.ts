import { expect, test } from 'vitest'
import { Schedule } from './schedule.ts'

test('calls are due at a constant rate, however often it is asked', () => {
  const schedule = new Schedule()
  schedule.start(100, 1000)
  expect(schedule.take(1000, 9).due).toEqual([1000])
  expect(schedule.take(1009.9, 9).due).toEqual([])
  expect(schedule.take(1035, 9).due).toEqual([1010, 1020, 1030])
  expect(schedule.nextAt).toBe(1040)
})

test('asked at uneven times for an hour, it yields exactly the rate', () => {
  const schedule = new Schedule()
  schedule.start(997, 0)
  let calls = 0
  for (let now = 0; now < 3_600_000; now += 7.3) calls += schedule.take(now, 1000).due.length
  calls += schedule.take(3_600_000 - 0.001, 1000).due.length
  expect(calls).toBe(997 * 3600)
})

test('calls without room are surplus, and are returned once', () => {
  const schedule = new Schedule()
  schedule.start(1000, 0)
  expect(schedule.take(9, 4)).toEqual({ due: [0, 1, 2, 3], surplus: 6 })
  expect(schedule.take(9, 4)).toEqual({ due: [], surplus: 0 })
})

test('a new rate keeps its interval to the call before, however often it changes', () => {
  const schedule = new Schedule()
  schedule.start(1, 0)
  schedule.take(0, 1)
  for (let now = 0; now < 900; now += 10) {
    schedule.start(1, now)
    expect(schedule.take(now, 1).due).toEqual([])
  }
  expect(schedule.nextAt).toBe(1000)
  schedule.start(1000, 900)
  expect(schedule.nextAt).toBe(900)
})

test('at rate 0 and after a stop no call is due', () => {
  const schedule = new Schedule()
  schedule.start(0, 0)
  expect(schedule.take(1e9, 10)).toEqual({ due: [], surplus: 0 })
  schedule.start(10, 0)
  schedule.stop()
  expect(schedule.take(1e9, 10)).toEqual({ due: [], surplus: 0 })
})
