import { Type } from 'typebox'
import { expect, test } from 'vitest'
import { configMarkdown, configText } from './config-table.ts'
import { Milliseconds, Port, Word } from './settings.ts'

const schema = Type.Object({
  APP_PORT: Port({ default: 5000, description: 'Port of the app' }),
  HOST: Type.Optional(Type.String({ description: 'Address' })),
  WAIT_MS: Milliseconds({ default: 0, minimum: 0, description: 'Waits' }),
  MODE: Word(['on', 'off'], { default: 'off', description: 'Mode' }),
  NAME: Type.String({ default: 'a', pattern: '^[a-z]$', description: 'Name' }),
})

test('as text: each variable in a line, in columns', () => {
  expect(configText(schema).split('\n')).toEqual([
    '  APP_PORT  5000  Port of the app (a whole number from 0 to 65535)',
    '  HOST            Address',
    '  WAIT_MS   0     Waits (a whole number from 0 to 2147483647)',
    '  MODE      off   Mode (one of on, off)',
    '  NAME      a     Name',
  ])
})

test('as Markdown: one row per variable, shared ones once, each with four cells', () => {
  const other = Type.Object({ HOST: schema.properties.HOST, ONLY: Type.String({ default: 'x', description: 'Own' }) })
  const lines = configMarkdown({ app: schema, other }).split('\n')
  expect(lines).toHaveLength(2 + 5 + 1)
  expect(lines[2]).toBe('| app | `APP_PORT` | `5000` | Port of the app (a whole number from 0 to 65535) |')
  expect(lines[3]).toBe('| both | `HOST` |  | Address |')
  expect(lines[7]).toBe('| other | `ONLY` | `x` | Own |')
  for (const line of lines) expect(line.match(/\|/g)).toHaveLength(5)
})
