import { HEADER } from '@linkerd-scenario/contract'
import type { FastifyBaseLogger } from 'fastify'
import type { ExchangeObserver } from '../http/exchange.ts'

const TRACE_ID = /^[\da-f]{2}-([\da-f]{32})-/

/** One line a request, when it has ended. The query and the bodies stay out of it: they are the caller's. */
export function accessLog(log: FastifyBaseLogger): ExchangeObserver {
  const ended: ExchangeObserver['ended'] = (exchange, request, reply) => {
    if (request.routeOptions.config.quiet) return
    const { traceparent, b3, 'x-b3-traceid': b3TraceId, [HEADER.clientId]: caller } = request.headers
    const { url } = request
    const query = url.indexOf('?')
    log.info(
      {
        request_id: request.id,
        trace_id: traceIdOf(traceparent, b3, b3TraceId),
        caller,
        'http.request.method': request.method,
        'http.route': request.routeOptions.url,
        'url.path': query === -1 ? url : url.slice(0, query),
        ...(exchange.callerGone || exchange.isCut ? {} : { 'http.response.status_code': reply.statusCode }),
        'error.type': exchange.callerGone ? 'CALLER_GONE' : exchange.errorCode,
        duration_ms: Math.round(exchange.durationMs * 1000) / 1000,
        attempt: exchange.attempt,
        origin: exchange.origin,
        fault: exchange.faults.length === 0 ? undefined : exchange.faults.join(', '),
      },
      exchange.callerGone ? 'the caller left' : exchange.isCut ? 'a fault cut the connection' : 'request',
    )
  }
  return { ended }
}

/** The trace id of W3C's `traceparent`, or else of B3's single or multiple headers; undefined without any. */
export function traceIdOf(traceparent: unknown, b3: unknown, b3TraceId: unknown): string | undefined {
  if (typeof traceparent === 'string') return TRACE_ID.exec(traceparent)?.[1]
  if (typeof b3 === 'string') return /^([\da-f]{32}|[\da-f]{16})-/.exec(b3)?.[1]
  return typeof b3TraceId === 'string' && /^([\da-f]{32}|[\da-f]{16})$/.test(b3TraceId) ? b3TraceId : undefined
}
