import type { FastifyRequest } from 'fastify'
import { expect, test } from 'vitest'
import { Exchange } from '../exchange/exchange.ts'
import { accessLog, lineWriter, textField } from './access-log.ts'
import { createLogger } from './logger.ts'

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

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736'
const SPAN = '00f067aa0ba902b7'

test.each([
  [{ traceparent: `00-${TRACE}-${SPAN}-01` }, TRACE],
  [{ b3: `${TRACE.slice(16)}-${SPAN}-1` }, TRACE.slice(16).padStart(32, '0')],
  [{ traceparent: `00-${'0'.repeat(32)}-${SPAN}-01` }, undefined],
  [{ traceparent: `ff-${TRACE}-${SPAN}-01` }, undefined],
  [{ 'x-b3-traceid': '<script>', 'x-b3-spanid': SPAN }, undefined],
  [{}, undefined],
])('%j: the trace id is %s', (headers, traceId) => {
  const request = { id: 'r', method: 'GET', url: '/', headers } as unknown as FastifyRequest
  const [line] = written('info', (log) =>
    accessLog(log).ended(new Exchange('r', 1), request, { config: {}, url: '/' } as FastifyRequest['routeOptions']),
  )
  expect(line).toMatchObject({ request_id: 'r' })
  expect(line?.['trace_id']).toBe(traceId)
})
