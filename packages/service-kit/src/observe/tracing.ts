import type { IncomingHttpHeaders } from 'node:http'
import type { TraceContext } from './trace-context.ts'

/** A request that begins on the public port. */
export interface RequestStart {
  method: string
  /** Path and query; the query is left out of the span. */
  url: string
  headers: IncomingHttpHeaders
  /** The caller's address. */
  ip: string
}

/** How a request on the public port ended. */
export interface RequestEnd {
  attempt: number
  requestId: string
  /** Meaningless once the caller has left. */
  status: number
  errorCode: string | undefined
  origin: string | undefined
  callerGone: boolean
  /** Why this side ended the connection without a whole answer. */
  cutBy: string | undefined
  /** The faults that took effect, in their text form. */
  faults: readonly string[]
}

/** A call to the upstream that begins. */
export interface CallStart {
  method: string
  host: string
  port: number
}

/** How a call to the upstream ended. */
export interface CallEnd {
  /** undefined without an HTTP answer. */
  status: number | undefined
  errorCode?: string | undefined
  origin?: string | undefined
  /** Which proxy made the error. */
  proxy?: string | undefined
}

/** Starts the spans of calls to the upstream. */
export interface CallTracer {
  beginCall(start: CallStart): CallSpan
}

/** The span of one request on the public port. */
export interface RequestSpan extends CallTracer {
  readonly context: TraceContext
  end(end: RequestEnd, route: string | undefined): void
}

/** The span of one call to the upstream. */
export interface CallSpan {
  /** The trace context that is sent to the upstream. */
  readonly context: TraceContext
  end(end: CallEnd): void
}

/** What makes and exports the spans of a process. */
export interface Tracing {
  /** undefined if the caller's trace is not sampled: then its headers are passed on unchanged. */
  beginRequest(start: RequestStart): RequestSpan | undefined
  /**
   * For calls without a request on the public port, for instance of a burst. They belong to the trace in the headers,
   * or each call to a new one. undefined if the trace in the headers is not sampled.
   */
  tracerOf(headers: IncomingHttpHeaders): CallTracer | undefined
  /** Exports the remaining spans, for at most `withinMs`. Never rejects. */
  shutdown(withinMs: number): Promise<void>
}
