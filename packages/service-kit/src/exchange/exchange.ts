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
  /** Status of the answer; meaningless once the caller has left. */
  status = 0
  /** Code of the error table, where the answer is a problem. */
  errorCode: string | undefined
  origin: Origin | undefined
  /** True once the caller has left before it had the whole answer. */
  callerGone = false
  /** What has ended the connection on this side, without a whole answer. */
  cutBy: 'fault' | 'shutdown' | undefined
  durationMs = 0
  /** Where the request is traced. */
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

  /** Whether the caller has left or was refused past the application: then there is nobody left to answer. */
  get isOver(): boolean {
    return this.callerGone || this.cutBy !== undefined || this.#isRefused
  }

  /** Notes that Node's parser gave up on the rest of the request, and what its caller was told. */
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
   * Calls `listener` if the caller leaves before it has the whole answer; the latest listener alone. Unlike
   * `request.signal` it does not mistake the end of the request's body for it (fastify#6725).
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
      // Nobody waits for what its handler still does.
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

/** The route of a request. Fastify makes it anew at each reading. */
export type Route = FastifyRequest['routeOptions']

/** Told of each exchange when it has ended. */
export interface ExchangeObserver {
  ended(exchange: Exchange, request: FastifyRequest, route: Route): void
  /** Told of each refusal of what never became a request. */
  refused(problem: ProblemError, requestId: string, origin: Origin): void
}

const NO_FAULTS: readonly string[] = []
const EXCHANGE = Symbol('exchange')
type Marked = ServerResponse & { [EXCHANGE]?: Exchange }

/** Makes `exchangeOf` find the exchange where there is only the response. */
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
