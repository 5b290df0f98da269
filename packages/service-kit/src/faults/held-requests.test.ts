import { ServerResponse } from 'node:http'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { HeldRequests, type HoldEnd } from './held-requests.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

function holding(ms?: number) {
  const held = new HeldRequests()
  const response = new ServerResponse({ method: 'GET' } as never)
  const ends: HoldEnd[] = []
  held.hold(response, ms, (end) => ends.push(end))
  /** Ends it in every other way: none may count any more. */
  const endAgain = () => {
    response.emit('close')
    held.releaseEndless()
    vi.advanceTimersByTime(10_000)
  }
  return { held, response, ends, endAgain }
}

test('a wait ends once, when its time is over', () => {
  const { ends, endAgain } = holding(1000)
  vi.advanceTimersByTime(999)
  expect(ends).toEqual([])
  vi.advanceTimersByTime(1)
  expect(ends).toEqual(['over'])
  endAgain()
  expect(ends).toEqual(['over'])
})

test('a wait ends once when its caller leaves', () => {
  const { response, ends, endAgain } = holding(1000)
  response.emit('close')
  endAgain()
  expect(ends).toEqual(['left'])
})

test('a release ends a wait without a time, and only once', () => {
  const { held, ends, endAgain } = holding()
  held.releaseEndless()
  endAgain()
  expect(ends).toEqual(['released'])
})

test('a release does not shorten a wait with a time', () => {
  const { held, ends } = holding(1000)
  held.releaseEndless()
  vi.advanceTimersByTime(999)
  expect(ends).toEqual([])
  vi.advanceTimersByTime(1)
  expect(ends).toEqual(['over'])
})

test('after a release a wait without a time ends at once, and one with a time goes on', () => {
  const held = new HeldRequests()
  held.releaseEndless()
  const ends: HoldEnd[] = []
  for (const ms of [undefined, 1000]) {
    held.hold(new ServerResponse({ method: 'GET' } as never), ms, (end) => ends.push(end))
  }
  expect(ends).toEqual(['released'])
  vi.advanceTimersByTime(1000)
  expect(ends).toEqual(['released', 'over'])
})

test.each([
  ['over', 1000],
  ['left', 1000],
  ['released', undefined],
] as const)('%s leaves no listener, no timer and no entry', (how, ms) => {
  const { held, response } = holding(ms)
  expect([held.size, response.listenerCount('close'), vi.getTimerCount()]).toEqual([1, 1, ms === undefined ? 0 : 1])
  if (how === 'over') vi.advanceTimersByTime(1000)
  else if (how === 'left') response.emit('close')
  else held.releaseEndless()
  expect([held.size, response.listenerCount('close'), vi.getTimerCount()]).toEqual([0, 0, 0])
})

test('without a time it waits until something else ends it', () => {
  const { ends } = holding()
  vi.advanceTimersByTime(1e9)
  expect(ends).toEqual([])
})

test('a caller that has already left is not kept waiting', () => {
  const held = new HeldRequests()
  const response = new ServerResponse({ method: 'GET' } as never)
  response.destroy()
  const ends: HoldEnd[] = []
  held.hold(response, 1000, (end) => ends.push(end))
  expect(ends).toEqual(['left'])
  expect(held.size).toBe(0)
})
