import { HEADER } from '@linkerd-scenario/contract'
import { type Logger, symbols } from 'pino'
import type { Exchange, ExchangeObserver } from '../exchange/exchange.ts'

const TRACE_ID = /^[\da-f]{2}-([\da-f]{32})-/
const INFO = 30

/** One line for each request, when it has ended. The query and the bodies stay out of it: they are the caller's. */
export function accessLog(log: Logger): ExchangeObserver {
  const write = lineWriter(log)
  const ended: ExchangeObserver['ended'] = (exchange, request, { config, url: route }) => {
    if (config.quiet) return
    const { traceparent, b3, 'x-b3-traceid': b3TraceId, [HEADER.clientId]: caller } = request.headers
    const { callerGone, cutBy, faults, span } = exchange
    write({
      request_id: request.id,
      trace_id: span?.context.traceId ?? traceIdOf(traceparent, b3, b3TraceId),
      span_id: span?.context.spanId,
      caller,
      'http.request.method': request.method,
      'http.route': route,
      'url.path': pathOf(request.url),
      'http.response.status_code': callerGone || cutBy !== undefined ? undefined : exchange.status,
      'error.type': callerGone ? 'CALLER_GONE' : exchange.errorCode,
      duration_ms: Math.round(exchange.durationMs * 1000) / 1000,
      attempt: exchange.attempt,
      origin: exchange.origin,
      fault: faults.length === 0 ? undefined : faults.join(', '),
      msg: messageOf(exchange),
    })
  }
  const refused: ExchangeObserver['refused'] = (problem, requestId, origin) => {
    write({
      request_id: requestId,
      'http.response.status_code': problem.status,
      'error.type': problem.code,
      origin,
      msg: 'refused before it was a request',
    })
  }
  return { ended, refused }
}

/**
 * Writes lines at level info with the bindings and into the stream of `log`. pino itself takes five times as long,
 * because it looks in each field for serializers and for what to mask: docs/adr/0004-access-line.md has the figures.
 * So no field may hold what has to be masked.
 */
export function lineWriter(log: Logger): (fields: Record<string, unknown>) => void {
  const { [symbols.streamSym]: stream, [symbols.chindingsSym]: bindings } = log as unknown as {
    [symbols.streamSym]: { write(line: string): void }
    [symbols.chindingsSym]: string
  }
  return (fields) => {
    if (log.levelVal > INFO) return
    const time = new Date().toISOString()
    stream.write(`{"level":"info","time":"${time}"${bindings},${JSON.stringify(fields).slice(1)}\n`)
  }
}

/** The trace id of W3C's `traceparent`, or else of B3's single or multiple headers; undefined without any. */
export function traceIdOf(traceparent: unknown, b3: unknown, b3TraceId: unknown): string | undefined {
  if (typeof traceparent === 'string') return TRACE_ID.exec(traceparent)?.[1]
  if (typeof b3 === 'string') return /^([\da-f]{32}|[\da-f]{16})-/.exec(b3)?.[1]
  return typeof b3TraceId === 'string' && /^([\da-f]{32}|[\da-f]{16})$/.test(b3TraceId) ? b3TraceId : undefined
}

function pathOf(url: string): string {
  const query = url.indexOf('?')
  return query === -1 ? url : url.slice(0, query)
}

function messageOf({ callerGone, cutBy }: Exchange): string {
  if (callerGone) return 'the caller left'
  if (cutBy === undefined) return 'request'
  return cutBy === 'fault' ? 'a fault cut the connection' : 'the shutdown cut the connection'
}
