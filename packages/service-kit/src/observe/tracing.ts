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
  /** undefined where no HTTP answer came. */
  status: number | undefined
  errorCode?: string | undefined
  origin?: string | undefined
  /** Which proxy made the error. */
  proxy?: string | undefined
}

/** What the spans of calls belong to. */
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
  /** What goes on to the called side. */
  readonly context: TraceContext
  end(end: CallEnd): void
}

/** What makes and exports the spans of a process. */
export interface Tracing {
  /** undefined where the caller does not want this trace: then its headers go on as they came. */
  beginRequest(start: RequestStart): RequestSpan | undefined
  /**
   * For calls without a request on the public port, as those of a burst: they belong to the trace that the headers
   * name, or each to one of its own. undefined where the headers do not want the trace.
   */
  tracerOf(headers: IncomingHttpHeaders): CallTracer | undefined
  /** Exports what is left, and waits for that no longer than `withinMs`. Never rejects. */
  shutdown(withinMs: number): Promise<void>
}

/** Whether the environment asks for traces. */
export function isTracingWanted(env: NodeJS.ProcessEnv): boolean {
  if (env['OTEL_SDK_DISABLED']?.toLowerCase() === 'true') return false
  return Boolean(env['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'] || env['OTEL_EXPORTER_OTLP_ENDPOINT'])
}

/**
 * Loads OpenTelemetry's SDK where the environment names a collector; undefined otherwise, and then nothing of it is
 * loaded. https://opentelemetry.io/docs/specs/otel/protocol/exporter/
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
