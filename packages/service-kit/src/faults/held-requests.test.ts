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
    held.end()
    vi.advanceTimersByTime(10_000)
  }
  return { held, response, ends, endAgain }
}

test('its time ends a wait, once', () => {
  const { ends, endAgain } = holding(1000)
  vi.advanceTimersByTime(999)
  expect(ends).toEqual([])
  vi.advanceTimersByTime(1)
  expect(ends).toEqual(['over'])
  endAgain()
  expect(ends).toEqual(['over'])
})

test('the caller that leaves ends a wait, once', () => {
  const { response, ends, endAgain } = holding(1000)
  response.emit('close')
  endAgain()
  expect(ends).toEqual(['left'])
})

test('a release ends a wait, once', () => {
  const { held, ends, endAgain } = holding(1000)
  held.end()
  endAgain()
  expect(ends).toEqual(['released'])
})

test.each(['over', 'left', 'released'] as const)('%s leaves no listener, no timer and no entry', (how) => {
  const { held, response } = holding(1000)
  expect([held.size, response.listenerCount('close'), vi.getTimerCount()]).toEqual([1, 1, 1])
  if (how === 'over') vi.advanceTimersByTime(1000)
  else if (how === 'left') response.emit('close')
  else held.end()
  expect([held.size, response.listenerCount('close'), vi.getTimerCount()]).toEqual([0, 0, 0])
})

test('without a time it waits for ever', () => {
  const { ends } = holding()
  vi.advanceTimersByTime(1e9)
  expect(ends).toEqual([])
})

test('a caller that has left already is not waited for', () => {
  const held = new HeldRequests()
  const response = new ServerResponse({ method: 'GET' } as never)
  response.destroy()
  const ends: HoldEnd[] = []
  held.hold(response, 1000, (end) => ends.push(end))
  expect(ends).toEqual(['left'])
  expect(held.size).toBe(0)
})
