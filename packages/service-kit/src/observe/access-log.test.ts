import { expect, test } from 'vitest'
import { traceIdOf } from './access-log.ts'

const trace = '4bf92f3577b34da6a3ce929d0e0e4736'

test('the trace id comes from traceparent, then b3, then x-b3-traceid', () => {
  expect(traceIdOf(`00-${trace}-00f067aa0ba902b7-01`, 'x', 'x')).toBe(trace)
  expect(traceIdOf(undefined, `${trace}-00f067aa0ba902b7-1`, undefined)).toBe(trace)
  expect(traceIdOf(undefined, undefined, trace.slice(16))).toBe(trace.slice(16))
})

test('what is no trace id is left out of the log', () => {
  expect(traceIdOf('00-XYZ-1-01', undefined, undefined)).toBeUndefined()
  expect(traceIdOf(undefined, '0', undefined)).toBeUndefined()
  expect(traceIdOf(undefined, undefined, '<script>')).toBeUndefined()
})
