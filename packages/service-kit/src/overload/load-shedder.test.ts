import { expect, test } from 'vitest'
import { LoadShedder, SAMPLE_INTERVAL_MS } from './load-shedder.ts'

const LIMIT_MS = 100
const late = { delayMs: LIMIT_MS + 1, utilization: 0.5 }
const onTime = { delayMs: 1, utilization: 0.5 }
const arrival = { active: 1, waitMs: 0, turnAgeMs: () => 0 }

/** A shedder and its samples, `more` requests answered in each. */
function shedder() {
  const subject = new LoadShedder(LIMIT_MS)
  const state = { served: 0, now: 0 }
  const samples = (count: number, sample: typeof late, more = 100) => {
    for (let i = 0; i < count; i += 1) {
      state.served += more
      state.now += SAMPLE_INTERVAL_MS
      subject.sample({ ...sample, served: state.served }, state.now)
    }
  }
  return { subject, state, samples }
}

test('one long turn of the event loop, which shows in two samples, sheds nothing', () => {
  const { subject, samples } = shedder()
  samples(2, late)
  expect(subject.admits({ ...arrival, active: 1000, turnAgeMs: () => 1000 })).toBe(true)
})

test('after three late samples it serves as many as were answered in 100 ms, and only early in a turn', () => {
  const { subject, samples } = shedder()
  samples(3, late, 100)
  expect([40, 41].map((active) => subject.admits({ ...arrival, active }))).toEqual([true, false])
  expect([24, 25].map((age) => subject.admits({ ...arrival, turnAgeMs: () => age }))).toEqual([true, false])
})

test('a late loop that serves hardly anything is busy with other work: every request is shed', () => {
  const { subject, samples } = shedder()
  samples(3, late, 2)
  expect(subject.admits(arrival)).toBe(false)
})

test('at full use half of the delay is late, and full use alone is not', () => {
  const busy = { delayMs: LIMIT_MS / 2 + 1, utilization: 0.99 }
  const { subject, samples } = shedder()
  samples(10, { delayMs: 1, utilization: 1 })
  expect(subject.admits({ ...arrival, active: 1000 })).toBe(true)
  samples(3, busy)
  expect(subject.admits({ ...arrival, active: 1000 })).toBe(false)
  const idle = shedder()
  idle.samples(10, { ...busy, utilization: 0.5 })
  expect(idle.subject.admits({ ...arrival, active: 1000 })).toBe(true)
})

test('it sheds for two seconds after the last one that was shed', () => {
  const { subject, state, samples } = shedder()
  samples(3, late)
  subject.noteShed(state.now)
  samples(7, onTime)
  expect(subject.admits({ ...arrival, active: 1000 })).toBe(false)
  samples(1, onTime)
  expect(subject.admits({ ...arrival, active: 1000 })).toBe(true)
})

test('a request that would wait too long for its turn is shed, whatever the samples say', () => {
  const { subject } = shedder()
  expect([LIMIT_MS, LIMIT_MS + 1].map((waitMs) => subject.admits({ ...arrival, waitMs }))).toEqual([true, false])
})
