import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { CONNECTION, isIdle, type TrackedSocket, trackConnection } from './connection.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

function opened() {
  const state = { bytesRead: 0, writableLength: 0 }
  const socket = state as unknown as TrackedSocket
  trackConnection(socket)
  const connection = socket[CONNECTION]
  if (connection === undefined) throw new Error('the socket has no record')
  return { state, socket, connection }
}

test('a connection that never sends a byte is idle after half a second', () => {
  const { socket } = opened()
  expect(isIdle(socket)).toBe(false)
  vi.advanceTimersByTime(501)
  expect(isIdle(socket)).toBe(true)
})

test('it is busy from the first byte of a request until its answer is sent', () => {
  const { state, socket, connection } = opened()
  vi.advanceTimersByTime(501)
  state.bytesRead = 10
  expect(isIdle(socket)).toBe(false)
  connection.open += 1
  expect(isIdle(socket)).toBe(false)
  connection.open -= 1
  connection.bytesRead = 10
  expect(isIdle(socket)).toBe(true)
  state.bytesRead = 11
  expect(isIdle(socket)).toBe(false)
})

test('it is busy while bytes wait for the reader', () => {
  const { state, socket, connection } = opened()
  state.bytesRead = 100
  connection.bytesRead = 100
  state.writableLength = 1
  expect(isIdle(socket)).toBe(false)
  state.writableLength = 0
  expect(isIdle(socket)).toBe(true)
})

test('a socket that no server tracks is not idle', () => {
  expect(isIdle({ bytesRead: 0, writableLength: 0 } as TrackedSocket)).toBe(false)
})
