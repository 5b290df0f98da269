import { HEADER } from '@linkerd-scenario/contract'
import type { FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import type { Identity } from '../identity.ts'
import type { Tracing } from '../observe/tracing.ts'
import type { Readiness } from '../process/readiness.ts'
import { CONNECTION, type Connection, type TrackedSocket } from '../server/connection.ts'
import { Exchange, type ExchangeObserver, markResponse } from './exchange.ts'
import type { Attempts } from './request-id.ts'

export interface ExchangeOptions {
  identity: Identity
  attempts: Attempts
  readiness: Readiness
  /** Counts the requests of the port. */
  count: RequestCount
  observers: readonly ExchangeObserver[]
  tracing: Tracing | undefined
}

/** Starts the record of a request, sets x-responder and x-request-id, and calls the observers when it has ended. */
export function beginExchange(request: FastifyRequest, reply: FastifyReply, options: ExchangeOptions): void {
  const { attempts, count, identity, tracing } = options
  const exchange = new Exchange(request.id, attempts.next(request.headers[HEADER.requestId]))
  request.exchange = exchange
  exchange.span = tracing?.beginRequest(request)
  markResponse(reply.raw, exchange)
  noteOpen(request, reply)
  count.active += 1
  // Not 'finish', which is missing if the caller leaves first. 'close' always comes, once.
  reply.raw.on('close', () => {
    exchange.end(reply, count.isCutting)
    count.finished(exchange)
    noteDone(request, reply)
    tell(exchange, request, options.observers)
  })
  reply.header(HEADER.responder, identity.responder).header(HEADER.requestId, request.id)
}

/** Notes on the connection that it has a request: it is not idle. */
function noteOpen(request: FastifyRequest, reply: FastifyReply): void {
  const connection = connectionOf(request)
  if (connection === undefined) return
  connection.open += 1
  // A pipelined request: its response gets the socket when those before it are sent.
  if (reply.raw.socket === null) connection.queued.add(reply.raw)
}

/** Notes on the connection that the request is answered, or gone. */
function noteDone(request: FastifyRequest, reply: FastifyReply): void {
  const connection = connectionOf(request)
  if (connection === undefined) return
  connection.open -= 1
  if (connection.queued.size > 0) connection.queued.delete(reply.raw)
  connection.bytesRead = request.raw.socket.bytesRead
}

function connectionOf({ raw: { socket } }: FastifyRequest): Connection | undefined {
  return (socket as TrackedSocket)[CONNECTION]
}

/** Tells the log, the metrics and the trace how the request ended. */
function tell(exchange: Exchange, request: FastifyRequest, observers: readonly ExchangeObserver[]): void {
  const route = request.routeOptions
  for (const observer of observers) observer.ended(exchange, request, route)
  exchange.span?.end(exchange, route.url)
}

export const exchangePlugin = fp<ExchangeOptions>(
  async (app, options) => {
    // Declares the property. Each request gets its value in onRequest, before any other hook reads it.
    app.decorateRequest('exchange', undefined as unknown as Exchange)
    app.addHook('onRequest', (request, reply, done) => {
      beginExchange(request, reply, options)
      done()
    })
    app.addHook('onSend', (_request, reply, payload, done) => {
      // During the drain each answer asks its caller to use another connection next time.
      if (options.readiness.isDraining) reply.header('connection', 'close')
      done(null, payload)
    })
  },
  { name: 'exchange', fastify: '5.x' },
)

/** Counts the requests of one port. */
export class RequestCount {
  /** In flight now. */
  active = 0
  /** Ended so far, however they ended, without those that were shed. */
  served = 0
  #answered = 0
  #answeredBeforeDrain = 0
  #cut: number | undefined

  finished({ callerGone, cutBy, isShed }: Exchange): void {
    this.active -= 1
    if (!isShed) this.served += 1
    if (!callerGone && cutBy === undefined) this.#answered += 1
  }

  /** From now on, answers count as given during the drain. */
  beginDrain(): void {
    this.#answeredBeforeDrain = this.#answered
  }

  /** The process cuts its connections now; requests in flight count as lost. */
  beginCut(): void {
    this.#cut ??= this.active
  }

  get isCutting(): boolean {
    return this.#cut !== undefined
  }

  /** Whole answers since `beginDrain`. */
  get answeredInDrain(): number {
    return this.#answered - this.#answeredBeforeDrain
  }

  /** Requests that were in flight when the connections were cut. */
  get cut(): number {
    return this.#cut ?? 0
  }
}
