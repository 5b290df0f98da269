import { expect, test } from 'vitest'
import { lineWriter, textField, traceIdOf } from './access-log.ts'
import { createLogger } from './logger.ts'

const trace = '4bf92f3577b34da6a3ce929d0e0e4736'

test('the trace id comes from traceparent, then b3, then x-b3-traceid', () => {
  expect(traceIdOf(`00-${trace}-00f067aa0ba902b7-01`, 'x', 'x')).toBe(trace)
  expect(traceIdOf(undefined, `${trace}-00f067aa0ba902b7-1`, undefined)).toBe(trace)
  expect(traceIdOf(undefined, undefined, trace.slice(16))).toBe(trace.slice(16))
})

test('a value that is not a trace id is left out of the log', () => {
  expect(traceIdOf('00-XYZ-1-01', undefined, undefined)).toBeUndefined()
  expect(traceIdOf(undefined, '0', undefined)).toBeUndefined()
  expect(traceIdOf(undefined, undefined, '<script>')).toBeUndefined()
})

const identity = { service: 'provider', version: 'v1', pod: 'p"1', responder: '' } as const

function written(level: string, use: (log: ReturnType<typeof createLogger>) => void): Record<string, unknown>[] {
  const lines: string[] = []
  use(createLogger(identity, level, { write: (line) => void lines.push(line) }))
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>)
}

test('a line is what pino would write, and an absent field leaves no trace', () => {
  const fields = { request_id: 'a', 'url.path': '/"\\\u2028\ud800é', attempt: 1, caller: undefined }
  const [ours, pinos] = written('info', (log) => {
    const text = Object.entries(fields).map(([name, value]) => textField(name, value))
    lineWriter(log)(text.join(''), 'request')
    log.info(fields, 'request')
  })
  expect({ ...ours, time: '' }).toEqual({ ...pinos, time: '' })
  expect(Object.keys(ours ?? {})).toEqual(Object.keys(pinos ?? {}))
  expect(Math.abs(Date.parse(String(ours?.['time'])) - Date.now())).toBeLessThan(5000)
})

test('at a level above info no access line is written', () => {
  expect(written('warn', (log) => lineWriter(log)('', 'request'))).toEqual([])
})
