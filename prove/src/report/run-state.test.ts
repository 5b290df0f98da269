import { expect, test } from 'vitest'
import { roughly } from '../expectations/wording.ts'
import type { Feature } from '../feature.ts'
import { SET_UP_S, typicalS } from '../lanes/typical-durations.ts'
import { RunState } from './run-state.ts'

const phase = { state: 'here', steps: () => Promise.reject(new Error('not in this test')), expect: [] }
const feature = (name: string): Feature => ({
  name,
  claim: '',
  needs: [],
  workloads: {},
  decides: 'services',
  on: phase,
  control: phase,
  hints: [],
})
const [retries, egress] = [feature('retries'), feature('egress')]
const secondsLeft = (line = '') => Number(/about (\d+) s left/.exec(line)?.[1] ?? 0)

test('a line for the run and one for each lane: feature, phase, time, time left, and what it waits for', () => {
  const state = new RunState([retries, egress], 0)
  let waitsFor: string | undefined = 'pods of provider-v1'
  state.opens('prove-1', () => waitsFor, 0)
  state.opens('prove-1-2', () => undefined, 0)
  const starting = state.lines(2000, 200)
  expect(starting[0]).toMatch(/^0 of 2 features, 2\.0 s, about \d+ s left$/)
  expect(starting[1]).toMatch(/^ {2}prove-1 {2}starting, 2\.0 s, about \d+ s left, waiting for pods of provider-v1$/)
  state.starts('prove-1', [retries], 10_000)
  state.phase('prove-1', 'with the route')
  waitsFor = undefined
  const [head, first, second] = state.lines(14_000, 200)
  expect(first).toBe(`  prove-1  retries: with the route, 4.0 s, about ${roughly(typicalS('retries') - 4)} left`)
  expect(second).toMatch(/^ {2}prove-1-2 {2}starting, 14\.0 s/)
  expect(secondsLeft(head)).toBeGreaterThanOrEqual(typicalS('egress'))
  state.ends('prove-1', 20_000)
  expect(state.lines(20_000, 200)[0]).toMatch(/^1 of 2 features, 20\.0 s, about/)
})

test('time left: first the set-up and everything, at last nothing', () => {
  const state = new RunState([retries], 0)
  state.opens('prove-1', () => undefined, 0)
  const all = SET_UP_S + typicalS('retries')
  expect(secondsLeft(state.lines(0, 200)[0])).toBeCloseTo(all, -1)
  state.starts('prove-1', [retries], 0)
  expect(secondsLeft(state.lines(0, 200)[0])).toBeCloseTo(typicalS('retries'), -1)
  expect(state.lines(1000 * typicalS('retries'), 200)[0]).not.toContain('left')
})

test('one lane is not named, one without a feature is not shown once none is left, and no line is too long', () => {
  const state = new RunState([retries], 0)
  state.opens('prove-1', () => 'a state that takes many words', 0)
  state.starts('prove-1', [retries], 0)
  expect(state.lines(0, 200)[1]).toMatch(/^ {2}retries,/)
  for (const line of state.lines(0, 30)) expect(line.length).toBeLessThan(30)
  state.ends('prove-1', 0)
  expect(state.lines(0, 200)).toHaveLength(1)
})
