import type { IncomingHttpHeaders } from 'node:http'
import { HEADER } from '@linkerd-scenario/contract'
import { type Logger, symbols } from 'pino'
import type { Exchange, ExchangeObserver } from '../exchange/exchange.ts'
import { type TraceContext, traceContextOf } from './trace-context.ts'

const INFO = 30

/** Writes one line per request when it has ended, without the query and the bodies, which hold the caller's data. */
export function accessLog(log: Logger): ExchangeObserver {
  const write = lineWriter(log)
  const describe = describer()
  const ended: ExchangeObserver['ended'] = (exchange, request, { config, url: route }) => {
    if (config.quiet) return
    const { headers } = request
    const { callerGone, cutBy, errorCode, origin, faults, span } = exchange
    const errorType = callerGone ? 'CALLER_GONE' : errorCode
    const status = callerGone || cutBy !== undefined ? undefined : exchange.status
    // Request ids need no quoting: see isSaneRequestId.
    write(
      `,"request_id":"${request.id}"` +
        textField('trace_id', (span?.context ?? traceOf(headers))?.traceId) +
        textField('span_id', span?.context.spanId) +
        textField('caller', headers[HEADER.clientId]) +
        describe(request.method, route, pathOf(request.url), status) +
        textField('error.type', errorType) +
        `,"duration_ms":${Math.round(exchange.durationMs * 1000) / 1000},"attempt":${exchange.attempt}` +
        textField('origin', origin) +
        textField('fault', faults.length === 0 ? undefined : faults.join(', ')),
      messageOf(exchange),
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

/**
 * Returns a function that writes a line at level info with the bindings and to the stream of `log`. Fields are JSON text,
 * each with a comma before it. pino would look in each field for serializers and for values to mask; see
 * docs/adr/0004-access-line.md. So no field may hold a value that must be masked.
 */
export function lineWriter(log: Logger): (fields: string, message: string) => void {
  const { [symbols.streamSym]: stream, [symbols.chindingsSym]: bindings } = log as unknown as {
    [symbols.streamSym]: { write(line: string): void }
    [symbols.chindingsSym]: string
  }
  let startAtMs = Number.NaN
  let start = ''
  return (fields, message) => {
    if (log.levelVal > INFO) return
    const now = Date.now()
    if (now !== startAtMs) {
      startAtMs = now
      // join(), because + builds a rope that is flattened on every line.
      start = ['{"level":"info","time":"', new Date(now).toISOString(), '"', bindings].join('')
    }
    stream.write(`${start}${fields},"msg":"${message}"}\n`)
  }
}

/** A field as JSON text with a comma before it; '' for undefined. */
export function textField(name: string, value: unknown): string {
  return value === undefined ? '' : `,"${name}":${JSON.stringify(value)}`
}

/** The fields that similar requests share. The last text is kept, because the next request usually has the same. */
function describer() {
  let last:
    | { method: string; route: string | undefined; path: string; status: number | undefined; text: string }
    | undefined
  return (method: string, route: string | undefined, path: string, status: number | undefined): string => {
    if (last?.status === status && last?.method === method && last.route === route && last.path === path)
      return last.text
    const text = [
      textField('http.request.method', method),
      textField('http.route', route),
      textField('url.path', path),
      textField('http.response.status_code', status),
    ].join('')
    last = { method, route, path, status, text }
    return text
  }
}

/** The caller's trace, by the rules of traces, which a request without one does not need. */
function traceOf(headers: IncomingHttpHeaders): TraceContext | undefined {
  const isTraced = headers['traceparent'] ?? headers['b3'] ?? headers['x-b3-traceid']
  return isTraced === undefined ? undefined : traceContextOf(headers)
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
