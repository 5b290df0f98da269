import { expect, test } from 'vitest'
import { parseCommand } from './parse-command.ts'

test('the context before a command is left out', () => {
  expect(parseCommand(['--context', 'kind-mesh', 'get', 'pods']).args).toEqual(['get', 'pods'])
})

test('a command has options with values, a namespace, and the names of objects', () => {
  const { namespace, flag, named } = parseCommand(['logs', '-n', 'test', 'pod/web', '-c', 'proxy'])
  expect([namespace, flag('-c'), flag('-l'), named('pod'), named('deployment')]).toEqual([
    'test',
    'proxy',
    undefined,
    'web',
    undefined,
  ])
  expect(parseCommand(['get', 'pods']).namespace).toBe('default')
})
