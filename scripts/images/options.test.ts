import { CommanderError } from 'commander'
import { expect, test } from 'vitest'
import { imagesCommand, readOptions } from './options.ts'

test('without arguments all images are built and nothing is pushed', () => {
  const images = ['provider', 'consumer', 'prover']
  expect(readOptions([])).toMatchObject({ images, tag: '1.0', registry: undefined })
})

test('only the images that are named are built', () => {
  expect(readOptions(['prover', '--tag', '2.0'])).toMatchObject({ images: ['prover'], tag: '2.0' })
})

test('pushes under the names of the scenario, or under those given', () => {
  const registry = '123456789012.dkr.ecr.eu-west-1.amazonaws.com/team'
  expect(readOptions(['--push', '--registry', registry])).toMatchObject({
    registry,
    names: { provider: 'provider-linkerd', consumer: 'consumer-linkerd', prover: 'prover-linkerd' },
  })
  const names = ['--name', 'provider=a/b', '--name=consumer=c']
  expect(readOptions(names).names).toEqual({ provider: 'a/b', consumer: 'c', prover: 'prover-linkerd' })
})

test.each([
  [['--frobnicate'], '--frobnicate'],
  [['stray'], 'stray'],
  [['--push'], 'needs --registry'],
  [['--registry', 'localhost:5000'], 'add --push'],
  [['--push', '--registry', 'https://localhost:5000'], 'without https://'],
  [['--push', '--registry', 'localhost:5000/'], 'without a slash'],
  [['--push', '--registry', 'localhost:5000/Upper'], 'Write host and prefix'],
  [['--tag', 'a b'], "'a b' is invalid"],
  [['--tag', ''], "'' is invalid"],
  [['--name', 'gateway=x'], 'provider=NAME'],
  [['--name', 'provider=UPPER'], 'lower case'],
  [['--name', 'provider'], 'provider=NAME'],
  [['--base-image', ''], 'needs a value'],
  [['--kubectl-image', ''], 'needs a value'],
])('%j is refused', (args, reason) => {
  let printed = ''
  const command = imagesCommand().configureOutput({
    writeErr: (text) => {
      printed += text
    },
  })
  expect(() => readOptions(args, command)).toThrow(CommanderError)
  expect(printed).toContain(reason)
})
