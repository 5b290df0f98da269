import { expect, test } from 'vitest'
import { readOptions } from './options.ts'

const known = ['retries', 'timeouts']
const options = (...argv: string[]) => {
  const asked = readOptions(argv, known)
  if ('text' in asked) throw new Error(asked.text)
  return asked.options
}
const refusal = (...argv: string[]) => {
  const asked = readOptions(argv, known)
  if ('options' in asked) throw new Error('was not refused')
  return asked
}

test('without arguments: all features, on the current context', () => {
  expect(options()).toMatchObject({
    features: [],
    context: undefined,
    tag: '1.0',
    keep: false,
    require: [],
    timeoutS: undefined,
  })
  expect(options().seed).not.toBe(options().seed)
})

test.each(['Upper', 'a_b', '-a', 'a'.repeat(64)])('%s is not a valid namespace name', (name) => {
  const { exitCode, text } = refusal('--namespace', name)
  expect(exitCode).toBe(2)
  expect(text).toContain('lower-case')
})

test('a namespace to make leaves room for the numbers of further lanes', () => {
  expect(options('--namespace', 'a'.repeat(60)).namespace).toHaveLength(60)
  expect(refusal('--namespace', 'a'.repeat(61)).text).toContain('of at most 60: further lanes add -2 to -10')
  expect(options('--in-namespace', 'a'.repeat(63)).inNamespace).toHaveLength(63)
  expect(refusal('--in-namespace', 'a'.repeat(64)).text).toContain('of at most 63.')
})

test('several lanes need namespaces of their own, and a sensible number', () => {
  expect(options().lanes).toBeUndefined()
  expect(options('--lanes', '3').lanes).toBe(3)
  for (const many of ['0', '1.5', '11', 'all']) expect(refusal('--lanes', many).text).toContain('from 1 to 10')
  expect(refusal('--lanes', '2', '--in-namespace', 'n').text).toContain('cannot be used with')
})

test('each option arrives', () => {
  const line =
    'retries timeouts --context c --namespace n --registry r --tag t --keep --yes --json j --junit u --markdown m ' +
    '--seed 7 --timeout 90 --require retries --verbose'
  expect(options(...line.split(' '))).toEqual({
    features: ['retries', 'timeouts'],
    context: 'c',
    namespace: 'n',
    registry: 'r',
    tag: 't',
    keep: true,
    wait: false,
    clean: false,
    printRbac: false,
    quiet: false,
    yes: true,
    json: 'j',
    junit: 'u',
    markdown: 'm',
    seed: 7,
    timeoutS: 90,
    require: ['retries'],
    verbose: true,
    list: false,
    dryRun: false,
    out: 'prove-report',
    timeout: 90,
  })
})

test('--require all names every feature', () => {
  expect(options('--require', 'all').require).toEqual(['retries', 'timeouts'])
})

test('what is required must be among the features that are proved; all is all of those', () => {
  expect(refusal('timeouts', '--require', 'retries', '--require', 'timeouts')).toEqual({
    text: 'error: --require retries needs it to be proved: name it among the features as well.\n',
    exitCode: 2,
  })
  expect(options('retries', '--require', 'all').require).toEqual(['retries'])
  expect(options('--require', 'retries', '--require', 'all').require).toEqual(['retries', 'timeouts'])
  expect(options('--require', 'all', '--require', 'retries').require).toEqual(['retries', 'timeouts'])
})

test('a ConfigMap is named with its namespace, as Kubernetes allows: with dots', () => {
  const { configMap } = options('--config-map', `n/mesh.report.v1.${'a'.repeat(230)}`)
  expect(configMap?.name).toMatch(/^mesh\.report\.v1\.a+$/)
  for (const name of ['a..b', '.a', 'a.', 'A', 'a_b', '-a', 'a.-b', 'a'.repeat(254)])
    expect(refusal('--config-map', `n/${name}`).text, name).toMatch(/letters, digits, - and \./)
  expect(refusal('--config-map', 'n.s/a').text).toContain('digits and -')
  expect(options('--config-map', 'mesh-proof/report').configMap).toEqual({ namespace: 'mesh-proof', name: 'report' })
  expect(refusal('--config-map', 'report').text).toContain('Write NAMESPACE/NAME')
})

test('invalid values are refused with status 2 and a list of valid ones', () => {
  expect(refusal('retrys').text).toContain('there are retries, timeouts')
  expect(refusal('retrys').exitCode).toBe(2)
  expect(refusal('--timeout', '-1').exitCode).toBe(2)
  expect(refusal('--seed', 'x').exitCode).toBe(2)
  expect(refusal('--require', 'nothing').exitCode).toBe(2)
  expect(refusal('--unknown').exitCode).toBe(2)
})

test('--help has examples and exit codes, and is not an error', () => {
  expect(refusal('--help').text).toMatch(/Examples:[\s\S]*Exit codes: 0/)
  expect(refusal('--help').exitCode).toBe(0)
})
