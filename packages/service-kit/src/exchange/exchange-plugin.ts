import { HEADER } from '@linkerd-scenario/contract'
import type { FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import type { Identity } from '../identity.ts'
import type { Readiness } from '../process/readiness.ts'
import type { Attempts } from './attempts.ts'
import { Exchange, type ExchangeObserver, markResponse } from './exchange.ts'
import type { RequestCount } from './request-count.ts'

export interface ExchangeOptions {
  identity: Identity
  attempts: Attempts
  readiness: Readiness
  /** Counts the requests of the port. */
  count: RequestCount
  observers: readonly ExchangeObserver[]
}

/** Begins the record of a request, marks its answer with who made it, and tells the observers when it has ended. */
export function beginExchange(request: FastifyRequest, reply: FastifyReply, options: ExchangeOptions): void {
  const exchange = new Exchange(request.id, options.attempts.next(request.headers[HEADER.requestId]))
  request.exchange = exchange
  markResponse(reply.raw, exchange)
  options.count.begun()
  // Not 'finish': it never comes where the caller leaves first. 'close' comes either way, once.
  reply.raw.on('close', () => {
    exchange.end(reply, options.count.isCutting)
    options.count.finished(exchange)
    const route = request.routeOptions
    for (const observer of options.observers) observer.ended(exchange, request, route)
  })
  reply.header(HEADER.responder, options.identity.responder).header(HEADER.requestId, request.id)
}

export const exchangePlugin = fp<ExchangeOptions>(
  async (app, options) => {
    // The prototype's slot: each request gets its own in onRequest, before anything can read it.
    app.decorateRequest('exchange', undefined as unknown as Exchange)
    app.addHook('onRequest', (request, reply, done) => {
      beginExchange(request, reply, options)
      done()
    })
    app.addHook('onSend', (_request, reply, payload, done) => {
      // From the signal on, each answer asks its caller to open the next connection elsewhere.
      if (options.readiness.status === 'draining') reply.header('connection', 'close')
      done(null, payload)
    })
  },
  { name: 'exchange', fastify: '5.x' },
)
