import type { ServerResponse } from 'node:http'
import type { Origin } from '@linkerd-scenario/contract'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { ProblemError } from '../errors/define-errors.ts'
import type { RequestSpan } from '../observe/tracing.ts'

/** What is known of one request and its answer, for the access log and the metrics. */
export class Exchange {
  readonly startedAt = performance.now()
  readonly requestId: string
  readonly attempt: number
  /** Whether the request was refused for want of room: event loop, heap or connections. */
  isShed = false
  /** Status of the answer; meaningless once the caller has left. */
  status = 0
  /** Code of the error table, if the answer is a problem. */
  errorCode: string | undefined
  origin: Origin | undefined
  /** True once the caller has left before it had the whole answer. */
  callerGone = false
  /** Why this side ended the connection without a whole answer. */
  cutBy: 'fault' | 'shutdown' | undefined
  durationMs = 0
  /** The span of the request, if it is traced. */
  span: RequestSpan | undefined
  #faults: string[] | undefined
  #onCallerGone: (() => void) | undefined
  #isRefused = false

  constructor(requestId: string, attempt: number) {
    this.requestId = requestId
    this.attempt = attempt
  }

  /** The faults that took effect, in their text form. */
  get faults(): readonly string[] {
    return this.#faults ?? NO_FAULTS
  }

  noteFault(text: string): void {
    this.#faults ??= []
    this.#faults.push(text)
  }

  /** Whether the caller has left or was refused by Node's parser, without the application: then nobody reads an answer. */
  get isOver(): boolean {
    return this.callerGone || this.cutBy !== undefined || this.#isRefused
  }

  /** Notes that Node's parser refused the rest of the request, and the answer that the caller got. */
  refuse(problem: ProblemError, origin: Origin): void {
    this.#isRefused = true
    this.status = problem.status
    this.errorCode = problem.code
    this.origin = origin
  }

  /** Milliseconds since the request's headers were read. */
  elapsedMs(): number {
    return performance.now() - this.startedAt
  }

  /**
   * Calls `listener` if the caller leaves before it has the whole answer; only the latest listener is kept.
   * `request.signal` is not used, because it also aborts at the end of the request's body (fastify#6725).
   */
  whenCallerGone(listener: () => void): void {
    this.#onCallerGone = listener
    if (this.callerGone) listener()
  }

  /**
   * Closes the record, when the response is done or its connection is gone. `isCutting`: the process cuts its
   * connections, so this one did not end because the caller left.
   */
  end(reply: FastifyReply, isCutting = false): void {
    this.durationMs = this.elapsedMs()
    if (this.#isRefused) {
      // The handler may still be running, but nobody reads its result.
      this.#onCallerGone?.()
      return
    }
    this.status = reply.statusCode
    if (reply.raw.writableFinished || this.cutBy !== undefined) return
    if (isCutting) {
      this.cutBy = 'shutdown'
      this.errorCode = 'SHUTDOWN'
    } else {
      this.callerGone = true
    }
    this.#onCallerGone?.()
  }
}

/** The route of a request. Fastify makes a new object per access: read it once. */
export type Route = FastifyRequest['routeOptions']

/** Called when an exchange has ended. */
export interface ExchangeObserver {
  ended(exchange: Exchange, request: FastifyRequest, route: Route): void
  /** Called for each refusal of bytes that were not a request. */
  refused(problem: ProblemError, requestId: string, origin: Origin): void
}

const NO_FAULTS: readonly string[] = []
const EXCHANGE = Symbol('exchange')
type Marked = ServerResponse & { [EXCHANGE]?: Exchange }

/** Stores the exchange with its response, for `exchangeOf`. */
export function markResponse(response: ServerResponse, exchange: Exchange): void {
  ;(response as Marked)[EXCHANGE] = exchange
}

/** The exchange that a response belongs to. */
export function exchangeOf(response: ServerResponse): Exchange | undefined {
  return (response as Marked)[EXCHANGE]
}

declare module 'fastify' {
  interface FastifyRequest {
    exchange: Exchange
  }
}
