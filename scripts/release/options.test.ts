import { CommanderError } from 'commander'
import { expect, test } from 'vitest'
import { manifestsCommand, readOptions } from './options.ts'

test('registry and version must be given, the folder has a default', () => {
  expect(readOptions(['--registry', 'ghcr.io/me', '--version', '1.2.3'])).toEqual({
    registry: 'ghcr.io/me',
    version: '1.2.3',
    out: 'release',
  })
})

test.each([
  [[], '--registry'],
  [['--registry', 'ghcr.io/me'], '--version'],
  [['--registry', 'ghcr.io/me', '--version', 'v1.2.3'], 'without a v'],
  [['--registry', 'https://ghcr.io', '--version', '1.2.3'], 'without https://'],
  [['--registry', 'ghcr.io/Me', '--version', '1.2.3'], 'lower case'],
  [['--registry', 'ghcr.io/me/', '--version', '1.2.3'], 'host and prefix'],
  [['--registry', 'ghcr.io/me', '--version', '1.2.3', 'stray'], 'too many arguments'],
])('%j is refused', (args, reason) => {
  let printed = ''
  const command = manifestsCommand().configureOutput({
    writeErr: (text) => {
      printed += text
    },
  })
  expect(() => readOptions(args, command)).toThrow(CommanderError)
  expect(printed).toContain(reason)
})
