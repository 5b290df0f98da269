import type { Origin } from '@linkerd-scenario/contract'
import type { FastifyReply, FastifyRequest } from 'fastify'

/** What is known of one request and its answer, for the access log and the metrics. */
export class Exchange {
  readonly startedAt = performance.now()
  readonly attempt: number
  /** Code of the error table, where the answer is a problem. */
  errorCode: string | undefined
  origin: Origin | undefined
  /** True once the caller has left before it had the whole answer. */
  callerGone = false
  /** True once a fault has ended the connection without an answer. */
  isCut = false
  /** The faults that took effect, in their text form. */
  readonly faults: string[] = []
  durationMs = 0
  #onCallerGone: (() => void) | undefined

  constructor(attempt: number) {
    this.attempt = attempt
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

  /** Closes the record, when the response is done or its connection is gone. */
  end(reply: FastifyReply): void {
    this.durationMs = this.elapsedMs()
    if (reply.raw.writableFinished || this.isCut) return
    this.callerGone = true
    this.#onCallerGone?.()
  }
}

/** Told of each exchange when it begins and when it has ended. */
export interface ExchangeObserver {
  begun?(): void
  ended(exchange: Exchange, request: FastifyRequest, reply: FastifyReply): void
}

declare module 'fastify' {
  interface FastifyRequest {
    exchange: Exchange
  }
}
