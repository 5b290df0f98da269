import { expect, test } from 'vitest'
import { createLogger } from './logger.ts'

test('credentials in logged headers are masked, wherever the headers stand in the line', () => {
  const lines: string[] = []
  const log = createLogger({ service: 'provider', version: 'v1', pod: 'x', responder: 'provider/v1/x' }, 'info', {
    write: (line) => void lines.push(line),
  })
  const headers = {
    authorization: 'canary',
    'proxy-authorization': 'canary',
    cookie: 'canary',
    'set-cookie': 'canary',
    'x-route': 'v2',
  }
  log.info({ headers }, 'one')
  log.info({ req: { headers } }, 'two')
  expect(lines).toHaveLength(2)
  for (const line of lines) {
    expect(line).not.toContain('canary')
    expect(line).toContain('"x-route":"v2"')
  }
})
