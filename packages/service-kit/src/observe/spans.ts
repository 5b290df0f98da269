import { HEADER } from '@linkerd-scenario/contract'
import {
  type Context,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  TraceFlags,
  type Tracer,
  trace,
} from '@opentelemetry/api'
import {
  ATTR_CLIENT_ADDRESS,
  ATTR_ERROR_TYPE,
  ATTR_HTTP_REQUEST_METHOD,
  ATTR_HTTP_REQUEST_METHOD_ORIGINAL,
  ATTR_HTTP_RESPONSE_STATUS_CODE,
  ATTR_HTTP_ROUTE,
  ATTR_SERVER_ADDRESS,
  ATTR_SERVER_PORT,
  ATTR_URL_FULL,
  ATTR_URL_PATH,
  ATTR_URL_SCHEME,
  ATTR_USER_AGENT_ORIGINAL,
} from '@opentelemetry/semantic-conventions'
import { methodLabel } from './metrics.ts'
import type { TraceContext } from './trace-context.ts'
import type { CallEnd, CallSpan, CallStart, RequestEnd, RequestSpan, RequestStart } from './tracing.ts'

/** What this project knows beyond the semantic conventions. */
const ATTR = {
  origin: 'linkerd_scenario.origin',
  proxy: 'linkerd_scenario.proxy',
  attempt: 'linkerd_scenario.attempt',
  caller: 'linkerd_scenario.caller',
  requestId: 'linkerd_scenario.request_id',
  fault: 'linkerd_scenario.fault',
} as const

/** Before an IPv4 address on a socket that takes IPv6 as well. */
const MAPPED_IPV4 = /^::ffff:(?=\d+\.)/

/**
 * Starts the span of a request on the public port. Its attributes come after the sampler's decision: none of the
 * samplers looks at them, and most requests may not be sampled.
 */
export function beginServerSpan(tracer: Tracer, start: RequestStart, parent: Context): RequestSpan {
  const method = methodLabel(start.method)
  const name = method === '_OTHER' ? 'HTTP' : method
  const span = tracer.startSpan(name, { kind: SpanKind.SERVER }, parent)
  if (!span.isRecording()) return new UnrecordedSpan(span)
  span.setAttributes(startAttributes(start, method))
  return new ServerSpan(tracer, span, name)
}

/** Starts the span of a call to the upstream. */
export function beginClientSpan(tracer: Tracer, { method, host, port }: CallStart, parent: Context): CallSpan {
  const span = tracer.startSpan(method, { kind: SpanKind.CLIENT }, parent)
  if (!span.isRecording()) return new UnrecordedSpan(span)
  span.setAttributes({
    [ATTR_HTTP_REQUEST_METHOD]: method,
    [ATTR_SERVER_ADDRESS]: host,
    [ATTR_SERVER_PORT]: port,
    // Without the query: it is the caller's text.
    [ATTR_URL_FULL]: `http://${host.includes(':') ? `[${host}]` : host}:${port}/`,
  })
  return new ClientSpan(span)
}

/**
 * What is not sampled: its place in the trace goes on to the next hop, and its calls cost nothing more, because none of
 * the samplers takes the child of such a span in the same process.
 */
class UnrecordedSpan implements RequestSpan, CallSpan {
  readonly context: TraceContext

  constructor(span: Span) {
    this.context = contextOf(span)
  }

  beginCall(): CallSpan {
    return this
  }

  end(): void {
    // Nothing is recorded.
  }
}

/** Of a request on the public port. */
class ServerSpan implements RequestSpan {
  readonly context: TraceContext
  readonly #tracer: Tracer
  readonly #span: Span
  readonly #name: string

  constructor(tracer: Tracer, span: Span, name: string) {
    this.#tracer = tracer
    this.#span = span
    this.#name = name
    this.context = contextOf(span)
  }

  beginCall(start: CallStart): CallSpan {
    return beginClientSpan(this.#tracer, start, trace.setSpan(ROOT_CONTEXT, this.#span))
  }

  end(end: RequestEnd, route: string | undefined): void {
    if (route !== undefined) this.#span.updateName(`${this.#name} ${route}`)
    describeEnd(this.#span, end, route)
    this.#span.end()
  }
}

function startAttributes({ method: original, url, headers, ip }: RequestStart, method: string) {
  const query = url.indexOf('?')
  const { [HEADER.clientId]: caller, 'user-agent': userAgent } = headers
  return {
    [ATTR_HTTP_REQUEST_METHOD]: method,
    ...(method === original ? {} : { [ATTR_HTTP_REQUEST_METHOD_ORIGINAL]: original }),
    [ATTR_URL_SCHEME]: 'http',
    [ATTR_URL_PATH]: query === -1 ? url : url.slice(0, query),
    [ATTR_CLIENT_ADDRESS]: ip.replace(MAPPED_IPV4, ''),
    [ATTR_USER_AGENT_ORIGINAL]: userAgent,
    [ATTR.caller]: caller?.toString(),
  }
}

/** What is known of a request when it has ended. */
function describeEnd(span: Span, end: RequestEnd, route: string | undefined): void {
  const { callerGone, cutBy, status, errorCode, origin, attempt, requestId, faults } = end
  const wasAnswered = !callerGone && cutBy === undefined
  const errorType = callerGone ? 'CALLER_GONE' : errorCode
  span.setAttributes({
    [ATTR_HTTP_ROUTE]: route,
    [ATTR_HTTP_RESPONSE_STATUS_CODE]: wasAnswered ? status : undefined,
    // Of a 4xx the caller made the error: the conventions leave its span without one.
    [ATTR_ERROR_TYPE]: wasAnswered && status < 500 ? undefined : errorType,
    [ATTR.origin]: origin,
    [ATTR.attempt]: attempt,
    [ATTR.requestId]: requestId,
  })
  for (const fault of faults) span.addEvent('fault applied', { [ATTR.fault]: fault })
  if (!wasAnswered || status >= 500) span.setStatus({ code: SpanStatusCode.ERROR })
}

/** Of a call to the upstream. */
class ClientSpan implements CallSpan {
  readonly context: TraceContext
  readonly #span: Span

  constructor(span: Span) {
    this.#span = span
    this.context = contextOf(span)
  }

  end({ status, errorCode, origin, proxy }: CallEnd): void {
    const span = this.#span
    const isError = status === undefined || status >= 400
    span.setAttributes({
      [ATTR_HTTP_RESPONSE_STATUS_CODE]: status,
      [ATTR_ERROR_TYPE]: errorCode ?? (isError ? String(status ?? '_OTHER') : undefined),
      [ATTR.origin]: origin,
      [ATTR.proxy]: proxy,
    })
    if (isError || errorCode !== undefined) span.setStatus({ code: SpanStatusCode.ERROR })
    span.end()
  }
}

function contextOf(span: Span): TraceContext {
  const { traceId, spanId, traceFlags } = span.spanContext()
  return { traceId, spanId, isSampled: (traceFlags & TraceFlags.SAMPLED) !== 0 }
}
