import type { IncomingHttpHeaders } from 'node:http'

/** The place in a trace that a request's headers name. */
export interface TraceContext {
  traceId: string
  spanId: string
  isSampled: boolean
  /** The value of `tracestate`, unchanged. */
  traceState?: string | undefined
}

const TRACEPARENT = /^(?!ff)[\da-f]{2}-([\da-f]{32})-([\da-f]{16})-([\da-f]{2})/
const B3 = /^([\da-f]{32}|[\da-f]{16})-([\da-f]{16})(?:-([01d]))?/
const TRACE_ID = /^(?!0+$)(?:[\da-f]{32}|[\da-f]{16})$/
const SPAN_ID = /^(?!0+$)[\da-f]{16}$/

/**
 * The trace that a request belongs to: by W3C `traceparent`, or else by B3, in one header or in several. Undefined
 * without any, or if they are not valid. Linkerd's proxies look in the same order.
 * https://www.w3.org/TR/trace-context/, https://github.com/openzipkin/b3-propagation
 */
export function traceContextOf(headers: IncomingHttpHeaders): TraceContext | undefined {
  const { traceparent, b3, 'x-b3-traceid': traceId, 'x-b3-spanid': spanId } = headers
  if (traceparent !== undefined) return fromW3c(String(traceparent), headers['tracestate'])
  if (typeof b3 === 'string') return fromB3(b3)
  if (typeof traceId !== 'string' || !TRACE_ID.test(traceId)) return undefined
  if (typeof spanId !== 'string' || !SPAN_ID.test(spanId)) return undefined
  const isSampled = headers['x-b3-sampled'] !== '0'
  return { traceId: traceId.padStart(32, '0'), spanId, isSampled }
}

/** The value of `traceparent` for a place in a trace. */
export function traceparentOf({ traceId, spanId, isSampled }: TraceContext): string {
  return `00-${traceId}-${spanId}-${isSampled ? '01' : '00'}`
}

/**
 * Replaces the trace context in the headers, a list in which lower-case names and values alternate. `tracestate` stays
 * unchanged.
 */
export function withTraceContext(headers: readonly string[], context: TraceContext): string[] {
  const others = headers.filter((_, index) => headers[index - (index % 2)] !== 'traceparent')
  return [...others, 'traceparent', traceparentOf(context)]
}

function fromW3c(traceparent: string, traceState: string | string[] | undefined): TraceContext | undefined {
  const [, traceId = '', spanId = '', flags = '00'] = TRACEPARENT.exec(traceparent) ?? []
  if (!isId(traceId) || !isId(spanId)) return undefined
  return { traceId, spanId, isSampled: (Number.parseInt(flags, 16) & 1) === 1, traceState: traceState?.toString() }
}

function fromB3(b3: string): TraceContext | undefined {
  const [, traceId = '', spanId = '', sampled] = B3.exec(b3) ?? []
  if (!isId(traceId) || !isId(spanId)) return undefined
  return { traceId: traceId.padStart(32, '0'), spanId, isSampled: sampled !== '0' }
}

// An id of zeros is invalid.
function isId(text: string): boolean {
  return /[^0]/.test(text)
}
