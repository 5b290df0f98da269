import { expect, test } from 'vitest'
import { FEATURES } from '../../prove/src/features/index.ts'
import { proveStandIn } from '../stand-in-mesh/run-prover.ts'
import { isAll } from './extent.ts'

const TWO = ['injection', 'retries']
/** With an API that fails, or is slow, everything else must go as it would. */
const SOME = isAll ? FEATURES.map(({ name }) => name) : TWO
const COMMAND_MS = isAll ? 5000 : 1000

test('an API server that fails one command in ten costs time and no verdict', async () => {
  const { results, exitCode } = await proveStandIn({ argv: SOME, trouble: { failsEvery: 10 } })
  expect(results.filter(({ verdict }) => verdict !== 'proved')).toEqual([])
  expect([results.length, exitCode]).toEqual([SOME.length, 0])
})

test('nor does it hide a broken mesh', async () => {
  const given = { argv: TWO, trouble: { failsEvery: 10 } }
  const { results, exitCode } = await proveStandIn({ ...given, behaviour: { retries: 'never' } })
  expect(results.map(({ verdict }) => verdict)).toEqual(['proved', 'failed'])
  expect(results[1]?.reason).toContain('failingOnce')
  expect(exitCode).toBe(1)
})

test('a cluster that is slow is judged all the same', { timeout: 1_800_000 }, async () => {
  const given = { argv: SOME, trouble: { delayMs: COMMAND_MS } }
  const { results, exitCode } = await proveStandIn({ ...given, pace: { convergeMs: 60_000, rolloutMs: 120_000 } })
  expect(results.filter(({ verdict }) => verdict !== 'proved')).toEqual([])
  expect([results.length, exitCode]).toEqual([SOME.length, 0])
})

test('pods without any proxy: one sentence, not a failure of each feature', async () => {
  const { results, exitCode, ending, reason, namespacesLeft } = await proveStandIn({ behaviour: { uninjected: 'all' } })
  expect({ results, exitCode, ending, namespacesLeft }).toEqual({
    results: [],
    exitCode: 2,
    ending: 'could-not-run',
    namespacesLeft: [],
  })
  expect(reason).toMatch(/not meshed.*injector/)
})

test.each<[string, Parameters<typeof proveStandIn>[0], RegExp]>([
  ['no context', { surroundings: { context: undefined } }, /no current context/],
  ['no right to make namespaces', { surroundings: { forbidden: ['create namespaces'] } }, /may not create namespaces/],
  ['no Linkerd', { surroundings: { linkerd: false } }, /install Linkerd/],
  [
    'an image that cannot be had',
    { surroundings: { noImage: true } },
    /cannot get the image consumer:1\.0|provider:1\.0/,
  ],
  ['a context that looks like production', { surroundings: { context: 'acme-prod' } }, /looks like production.*--yes/],
])('%s: could not run, and says why', async (_name, given, words) => {
  const { exitCode, ending, reason, namespacesLeft } = await proveStandIn({ argv: TWO, ...given })
  expect(reason).toMatch(words)
  expect({ exitCode, ending, namespacesLeft }).toEqual({ exitCode: 2, ending: 'could-not-run', namespacesLeft: [] })
})

test('what the cluster lacks is skipped with the reason; required, the skip is a failure', async () => {
  const surroundings = { crds: ['servers.policy.linkerd.io'] }
  const { results, exitCode } = await proveStandIn({ argv: TWO, surroundings })
  expect(results.map(({ verdict }) => verdict)).toEqual(['proved', 'skipped'])
  expect(results[1]?.reason).toContain('httproutes.gateway.networking.k8s.io')
  expect(exitCode).toBe(0)
  expect((await proveStandIn({ argv: [...TWO, '--require', 'retries'], surroundings })).exitCode).toBe(1)
  expect((await proveStandIn({ argv: ['retries'], surroundings })).exitCode).toBe(2)
})
