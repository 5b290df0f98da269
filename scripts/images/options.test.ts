import { expect, test } from 'vitest'
import { readOptions, UsageError } from './options.ts'

test('without arguments both images are built and nothing is pushed', () => {
  expect(readOptions([])).toMatchObject({ tag: '1.0', registry: undefined, baseImage: undefined })
})

test('pushes under the names of the scenario, or under those given', () => {
  const registry = '123456789012.dkr.ecr.eu-west-1.amazonaws.com/team'
  expect(readOptions(['--push', '--registry', registry])).toMatchObject({
    registry,
    names: { provider: 'provider-linkerd', consumer: 'consumer-linkerd' },
  })
  const names = ['--name', 'provider=a/b', '--name=consumer=c']
  expect(readOptions(names).names).toEqual({ provider: 'a/b', consumer: 'c' })
})

test.each([
  [['--frobnicate'], '--frobnicate'],
  [['stray'], 'stray'],
  [['--push'], 'needs --registry'],
  [['--registry', 'localhost:5000'], 'add --push'],
  [['--push', '--registry', 'https://localhost:5000'], 'without https://'],
  [['--push', '--registry', 'localhost:5000/'], 'without a slash'],
  [['--push', '--registry', 'localhost:5000/Upper'], 'no host and prefix'],
  [['--tag', 'a b'], '--tag "a b"'],
  [['--tag', ''], '--tag ""'],
  [['--name', 'gateway=x'], 'provider=NAME'],
  [['--name', 'provider=UPPER'], 'lower case'],
  [['--name', 'provider'], 'provider=NAME'],
  [['--base-image', ''], 'need a value'],
])('%j is refused', (args, reason) => {
  expect(() => readOptions(args)).toThrow(UsageError)
  expect(() => readOptions(args)).toThrow(reason)
})
