import { expect, test } from 'vitest'
import { lineWriter, textField } from './access-line.ts'
import { createLogger } from './logger.ts'

const identity = { service: 'provider', version: 'v1', pod: 'p"1', responder: '' } as const

function written(level: string, use: (log: ReturnType<typeof createLogger>) => void): Record<string, unknown>[] {
  const lines: string[] = []
  use(createLogger(identity, level, { write: (line) => void lines.push(line) }))
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>)
}

test('a line is what pino would write', () => {
  const fields = { request_id: 'a', 'url.path': '/"\\\u2028\ud800é', attempt: 1 }
  const [ours, pinos] = written('info', (log) => {
    lineWriter(log)(
      Object.entries(fields)
        .map(([name, value]) => textField(name, value))
        .join(''),
      'request',
    )
    log.info(fields, 'request')
  })
  expect({ ...ours, time: '' }).toEqual({ ...pinos, time: '' })
  expect(Object.keys(ours ?? {})).toEqual(Object.keys(pinos ?? {}))
  expect(Math.abs(Date.parse(String(ours?.['time'])) - Date.now())).toBeLessThan(5000)
})

test('above level info there is no line', () => {
  expect(written('warn', (log) => lineWriter(log)('', 'request'))).toEqual([])
})

test('an absent field leaves no trace', () => {
  expect(textField('caller', undefined)).toBe('')
})
