import type { FastifyReply } from 'fastify'
import { expect, test, vi } from 'vitest'
import { kitErrors } from '../errors/kit-errors.ts'
import { Exchange } from './exchange.ts'

const reply = (writableFinished: boolean) => ({ statusCode: 200, raw: { writableFinished } }) as FastifyReply

/** An exchange and the listener that waits for its caller to leave. */
function begun() {
  const exchange = new Exchange('id', 1)
  const left = vi.fn()
  exchange.whenCallerGone(left)
  return { exchange, left }
}

test('a complete answer: its status counts, and the caller has not left', () => {
  const { exchange, left } = begun()
  exchange.end(reply(true))
  expect(exchange).toMatchObject({ status: 200, callerGone: false, cutBy: undefined, isOver: false })
  expect(left).not.toHaveBeenCalled()
})

test('an answer that was not sent: the caller has left, and the listener is called', () => {
  const { exchange, left } = begun()
  exchange.end(reply(false))
  expect(exchange).toMatchObject({ callerGone: true, isOver: true })
  expect(left).toHaveBeenCalledOnce()
})

test('a listener that comes after the caller has left is called at once', () => {
  const exchange = new Exchange('id', 1)
  exchange.end(reply(false))
  const late = vi.fn()
  exchange.whenCallerGone(late)
  expect(late).toHaveBeenCalledOnce()
})

test('while the process cuts its connections, the shutdown is the reason and not the caller', () => {
  const { exchange, left } = begun()
  exchange.end(reply(false), true)
  expect(exchange).toMatchObject({ callerGone: false, cutBy: 'shutdown', errorCode: 'SHUTDOWN', isOver: true })
  expect(left).toHaveBeenCalledOnce()
})

test('a cut by a fault stays one, even during the shutdown', () => {
  const { exchange } = begun()
  exchange.cutBy = 'fault'
  exchange.end(reply(false), true)
  expect(exchange).toMatchObject({ cutBy: 'fault', callerGone: false })
})

test('a request that the parser refused keeps that status, and its handler learns that nobody reads an answer', () => {
  const { exchange, left } = begun()
  exchange.refuse(kitErrors.REQUEST_TIMEOUT(), 'provider')
  exchange.end(reply(true))
  expect(exchange).toMatchObject({ status: 408, errorCode: 'REQUEST_TIMEOUT', origin: 'provider', isOver: true })
  expect(left).toHaveBeenCalledOnce()
})
