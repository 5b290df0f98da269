import { CommanderError } from 'commander'
import { expect, test } from 'vitest'
import { readOptions, tourCommand } from './options.ts'

const quiet = (env: NodeJS.ProcessEnv) => tourCommand(env).configureOutput({ writeErr: () => {}, writeOut: () => {} })

test.each([
  [{ LANG: 'es_AR.UTF-8' }, 'es'],
  [{ LANG: 'en_GB.UTF-8' }, 'en'],
  [{ LANG: 'fr_FR.UTF-8' }, 'en'],
  [{ LANG: 'en_US.UTF-8', LC_ALL: 'es_ES.UTF-8' }, 'es'],
  [{}, 'en'],
])('%o means %s', (env, lang) => expect(readOptions([], env).lang).toBe(lang))

test('--lang wins over the variables', () => expect(readOptions(['--lang', 'en'], { LANG: 'es_ES' }).lang).toBe('en'))

test.each([['--lang', 'fr'], ['--pace', 'quick'], ['--pace', '-1'], ['--port', '0'], ['--port', '65535'], ['--now']])(
  '%s %s is refused',
  (...args) => {
    expect(() => readOptions(args, {}, quiet({}))).toThrow(CommanderError)
  },
)

test('without options it asks', () => {
  expect(readOptions([], {})).toMatchObject({
    dryRun: false,
    yes: false,
    pace: 4,
    port: 6000,
    undo: false,
    restart: false,
  })
})
