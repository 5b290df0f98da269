import { HEADER } from '@linkerd-scenario/contract'
import type { Logger } from 'pino'
import type { ExchangeObserver } from '../exchange/exchange.ts'
import { lineWriter, textField } from './access-line.ts'

const TRACE_ID = /^[\da-f]{2}-([\da-f]{32})-/

/** One line a request, when it has ended. The query and the bodies stay out of it: they are the caller's. */
export function accessLog(log: Logger): ExchangeObserver {
  const write = lineWriter(log)
  const describe = describer()
  const ended: ExchangeObserver['ended'] = (exchange, request, { config, url: route }) => {
    if (config.quiet) return
    const { traceparent, b3, 'x-b3-traceid': b3TraceId, [HEADER.clientId]: caller } = request.headers
    const { url } = request
    const query = url.indexOf('?')
    const path = query === -1 ? url : url.slice(0, query)
    const { callerGone, cutBy, errorCode, origin, faults } = exchange
    const errorType = callerGone ? 'CALLER_GONE' : errorCode
    // Request ids need no quoting: see isSaneRequestId.
    write(
      `,"request_id":"${request.id}"` +
        textField('trace_id', traceIdOf(traceparent, b3, b3TraceId)) +
        textField('caller', caller) +
        describe(request.method, route, path, callerGone || cutBy !== undefined ? 0 : exchange.status) +
        (errorType === undefined ? '' : `,"error.type":"${errorType}"`) +
        `,"duration_ms":${Math.round(exchange.durationMs * 1000) / 1000},"attempt":${exchange.attempt}` +
        (origin === undefined ? '' : `,"origin":"${origin}"`) +
        (faults.length === 0 ? '' : textField('fault', faults.join(', '))),
      callerGone
        ? 'the caller left'
        : cutBy === undefined
          ? 'request'
          : `${cutBy === 'fault' ? 'a fault' : 'the shutdown'} cut the connection`,
    )
  }
  const refused: ExchangeObserver['refused'] = (problem, requestId, origin) => {
    write(
      `,"request_id":"${requestId}","http.response.status_code":${problem.status}` +
        `,"error.type":"${problem.code}","origin":"${origin}"`,
      'refused before it was a request',
    )
  }
  return { ended, refused }
}

/** What requests have in common, as fields; the last text is kept, because the next request is mostly of the same kind. */
function describer(): (method: string, route: string | undefined, path: string, status: number) => string {
  let last: { method: string; route: string | undefined; path: string; status: number; text: string } | undefined
  return (method, route, path, status) => {
    if (last?.status === status && last.method === method && last.route === route && last.path === path)
      return last.text
    const text = [
      textField('http.request.method', method),
      textField('http.route', route),
      textField('url.path', path),
      textField('http.response.status_code', status === 0 ? undefined : status),
    ].join('')
    last = { method, route, path, status, text }
    return text
  }
}

/** The trace id of W3C's `traceparent`, or else of B3's single or multiple headers; undefined without any. */
export function traceIdOf(traceparent: unknown, b3: unknown, b3TraceId: unknown): string | undefined {
  if (typeof traceparent === 'string') return TRACE_ID.exec(traceparent)?.[1]
  if (typeof b3 === 'string') return /^([\da-f]{32}|[\da-f]{16})-/.exec(b3)?.[1]
  return typeof b3TraceId === 'string' && /^([\da-f]{32}|[\da-f]{16})$/.test(b3TraceId) ? b3TraceId : undefined
}
