import { EventEmitter } from 'node:events'
import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Connection } from './connection.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

function opened() {
  const socket = { bytesRead: 0, writableLength: 0 }
  return { socket, connection: new Connection(socket as Socket) }
}

const answer = () => new EventEmitter() as ServerResponse

test('a connection that never sends a byte is idle after half a second', () => {
  const { connection } = opened()
  expect(connection.isIdle).toBe(false)
  vi.advanceTimersByTime(501)
  expect(connection.isIdle).toBe(true)
})

test('it is busy from the first byte of a request until its answer is out', () => {
  const { socket, connection } = opened()
  vi.advanceTimersByTime(501)
  socket.bytesRead = 10
  expect(connection.isIdle).toBe(false)
  socket.bytesRead = 50
  const response = answer()
  connection.begin(response)
  expect(connection.isIdle).toBe(false)
  response.emit('close')
  expect(connection.isIdle).toBe(true)
  socket.bytesRead = 51
  expect(connection.isIdle).toBe(false)
})

test('it is busy while one of several requests waits, or bytes wait for the reader', () => {
  const { socket, connection } = opened()
  socket.bytesRead = 100
  const [first, second] = [answer(), answer()]
  connection.begin(first)
  connection.begin(second)
  first.emit('close')
  expect(connection.isIdle).toBe(false)
  second.emit('close')
  socket.writableLength = 1
  expect(connection.isIdle).toBe(false)
  socket.writableLength = 0
  expect(connection.isIdle).toBe(true)
})
