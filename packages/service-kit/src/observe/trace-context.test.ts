import { expect, test } from 'vitest'
import { traceContextOf, traceparentOf, withTraceContext } from './trace-context.ts'

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736'
const SPAN = '00f067aa0ba902b7'

test.each([
  [{ traceparent: `00-${TRACE}-${SPAN}-01` }, true],
  [{ traceparent: `00-${TRACE}-${SPAN}-00` }, false],
  [{ traceparent: `01-${TRACE}-${SPAN}-03-more` }, true],
  [{ b3: `${TRACE}-${SPAN}-1` }, true],
  [{ b3: `${TRACE}-${SPAN}-d-${SPAN}` }, true],
  [{ b3: `${TRACE}-${SPAN}` }, true],
  [{ b3: `${TRACE}-${SPAN}-0` }, false],
  [{ 'x-b3-traceid': TRACE, 'x-b3-spanid': SPAN, 'x-b3-sampled': '1' }, true],
  [{ 'x-b3-traceid': TRACE, 'x-b3-spanid': SPAN, 'x-b3-sampled': '0' }, false],
])('%o is read', (headers, isSampled) => {
  expect(traceContextOf(headers)).toMatchObject({ traceId: TRACE, spanId: SPAN, isSampled })
})

test('W3C wins over B3, and takes its state along', () => {
  const headers = { traceparent: `00-${TRACE}-${SPAN}-01`, tracestate: 'a=1', b3: `${'1'.repeat(32)}-${SPAN}-0` }
  expect(traceContextOf(headers)).toEqual({ traceId: TRACE, spanId: SPAN, isSampled: true, traceState: 'a=1' })
})

test('a short trace id of B3 is filled up', () => {
  expect(traceContextOf({ b3: `${'a'.repeat(16)}-${SPAN}-1` })?.traceId).toBe('0'.repeat(16) + 'a'.repeat(16))
})

test.each([
  {},
  { traceparent: '' },
  { traceparent: `00-${'0'.repeat(32)}-${SPAN}-01` },
  { traceparent: `00-${TRACE}-${'0'.repeat(16)}-01` },
  { traceparent: `ff-${TRACE}-${SPAN}-01` },
  { traceparent: `00-${TRACE.toUpperCase()}-${SPAN}-01` },
  { b3: '0' },
  { b3: 'x' },
  { b3: `${'0'.repeat(16)}-${SPAN}-1` },
  { 'x-b3-traceid': TRACE },
  { 'x-b3-traceid': '0'.repeat(32), 'x-b3-spanid': SPAN },
  { 'x-b3-traceid': TRACE, 'x-b3-spanid': '0'.repeat(16) },
])('%o is not a trace context', (headers) => {
  expect(traceContextOf(headers)).toBeUndefined()
})

test('the own trace context replaces the one that came, and all else stays', () => {
  const context = { traceId: TRACE, spanId: SPAN, isSampled: true }
  const came = ['b3', 'x', 'traceparent', 'old', 'tracestate', 'a=1', 'baggage', 'traceparent']
  expect(withTraceContext(came, context)).toEqual([
    ...['b3', 'x', 'tracestate', 'a=1', 'baggage', 'traceparent'],
    ...['traceparent', traceparentOf(context)],
  ])
  expect(traceContextOf({ traceparent: traceparentOf(context) })).toMatchObject(context)
})
