import type { IncomingHttpHeaders } from 'node:http'
import type { Logger } from 'pino'
import type { Exchange } from '../exchange/exchange.ts'
import type { Identity } from '../identity.ts'
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
  end(exchange: Exchange, route: string | undefined): void
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

/** Whether the environment names a collector. */
export function isTracingWanted(env: NodeJS.ProcessEnv): boolean {
  if (env['OTEL_SDK_DISABLED']?.toLowerCase() === 'true') return false
  return Boolean(env['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'] || env['OTEL_EXPORTER_OTLP_ENDPOINT'])
}

/**
 * Loads OpenTelemetry's SDK if the environment names a collector; else returns undefined and loads nothing.
 * https://opentelemetry.io/docs/specs/otel/protocol/exporter/
 */
export async function loadTracing(
  env: NodeJS.ProcessEnv,
  identity: Identity,
  logger: Logger,
): Promise<Tracing | undefined> {
  if (!isTracingWanted(env)) return undefined
  const { createTracing } = await import('./tracing-sdk.ts')
  return await createTracing(env, identity, logger)
}
