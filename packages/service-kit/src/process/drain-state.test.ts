import { expect, test } from 'vitest'
import { type DrainCommand, type DrainEvent, nextDrainStep, ONE_PRESS_MS, SERVING } from './drain-state.ts'

const signal = (atMs: number): DrainEvent => ({ type: 'signal', atMs })
const event = (type: Exclude<DrainEvent['type'], 'signal'>): DrainEvent => ({ type })

/** The phase after the events, and all commands on the way. */
function run(...events: DrainEvent[]) {
  let state = SERVING
  const all: DrainCommand[] = []
  for (const one of events) {
    const { state: next, commands } = nextDrainStep(state, one)
    state = next
    all.push(...commands)
  }
  return { phase: state.phase, commands: all }
}

const toClosingPublic = [signal(1000), event('delay-over')]
const toFinishingAdmin = [...toClosingPublic, event('public-closed')]

test('drains the public port first, then the admin port, then exits', () => {
  expect(run(...toFinishingAdmin, event('admin-idle'), event('admin-closed'))).toEqual({
    phase: 'stopped',
    commands: ['announce', 'close-public', 'close-admin', 'exit'],
  })
})

test('the admin port stays open until the public port is closed and nothing is in flight', () => {
  expect(run(...toClosingPublic, event('admin-idle')).commands).not.toContain('close-admin')
  expect(run(...toFinishingAdmin).commands).not.toContain('close-admin')
})

test('after the timeout everything is cut, whatever is being waited for', () => {
  expect(run(...toClosingPublic, event('timeout'), event('public-closed'), event('admin-closed'))).toEqual({
    phase: 'stopped',
    commands: ['announce', 'close-public', 'cut', 'close-admin', 'exit'],
  })
  expect(run(...toFinishingAdmin, event('timeout'), event('admin-closed'))).toEqual({
    phase: 'stopped',
    commands: ['announce', 'close-public', 'cut', 'close-admin', 'exit'],
  })
  expect(run(...toFinishingAdmin, event('admin-idle'), event('timeout')).commands.at(-1)).toBe('cut')
})

test('a signal within half a second of the first is the same press, a later one ends the process', () => {
  expect(run(signal(1000), signal(1000 + ONE_PRESS_MS - 1)).commands).toEqual(['announce'])
  expect(run(signal(1000), signal(1000 + ONE_PRESS_MS)).commands).toEqual(['announce', 'exit-now'])
  expect(run(signal(1000), signal(1200), signal(1400), signal(1600)).commands).toEqual(['announce', 'exit-now'])
  for (const events of [toClosingPublic, toFinishingAdmin]) {
    expect(run(...events, signal(1000 + ONE_PRESS_MS)).commands.at(-1)).toBe('exit-now')
  }
})

test('events that mean nothing in a state change nothing', () => {
  for (const type of ['delay-over', 'public-closed', 'admin-idle', 'admin-closed', 'timeout'] as const) {
    expect(run(event(type))).toEqual({ phase: 'serving', commands: [] })
  }
  const stopped = [...toFinishingAdmin, event('admin-idle'), event('admin-closed')]
  expect(run(...stopped, event('timeout'), event('public-closed'))).toEqual(run(...stopped))
})
