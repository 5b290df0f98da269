import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import type { Launcher } from './cluster/kubectl.ts'
import { CannotRun } from './cluster/preflight.ts'
import { dryRun, rbac } from './dry-run.ts'
import { FEATURES } from './features/index.ts'
import { readOptions } from './options.ts'

const K8S = fileURLToPath(new URL('../../k8s', import.meta.url))
const NO_KUBECTL: Launcher = {
  run: () => Promise.reject(Object.assign(new Error('spawn kubectl ENOENT'), { code: 'ENOENT' })),
  start: () => {
    throw new Error('a dry run starts nothing')
  },
}

const OLD_KUBECTL: Launcher = {
  ...NO_KUBECTL,
  run: async () => ({ code: 1, stdout: '', stderr: 'error: unknown field "components"' }),
}

/** What a run of these features would be given. */
function given(names: readonly string[], launcher: Launcher) {
  const known = FEATURES.map(({ name }) => name)
  const asked = readOptions(names, known)
  if (!('options' in asked)) throw new Error(asked.text)
  const features = FEATURES.filter(({ name }) => names.includes(name))
  return { features, options: asked.options, launcher, k8s: K8S }
}

/** The lines of a dry run of these features, without manifests. */
async function linesOf(...names: string[]): Promise<string[]> {
  return (await dryRun(given(names, NO_KUBECTL))).split('\n')
}

test('each command is there once, also where two features are measured at once', async () => {
  const alone = await linesOf('rollout')
  const both = await linesOf('rollout', 'slow-requests')
  const commands = (lines: readonly string[]) => lines.filter((line) => line.startsWith('kubectl '))
  expect(commands(alone).length).toBeGreaterThan(5)
  expect(commands(both)).toEqual(commands(alone))
  expect(both).toContain('# Measured at the same time as rollout, by the same commands.')
  expect(alone.join()).not.toContain('at the same time')
})

test('of each feature both phases are there, with what they must show', async () => {
  const lines = await linesOf('rollout', 'slow-requests')
  const headings = lines.filter((line) => /^# (rollout|slow-requests|on|control)\b/.test(line))
  expect(headings.map((line) => line.split(/[:,]/)[0])).toEqual([
    ...['# rollout', '# on', '# control'],
    ...['# slow-requests', '# on', '# control'],
  ])
  expect(lines).toContain('#   at least 10 slow calls that are under way are lost')
})

test('without kubectl the commands are there, and why the manifests are not', async () => {
  expect((await linesOf('retries')).join('\n')).toContain('there is none on the path')
})

test.each([
  ['without kubectl', NO_KUBECTL, /^There is no kubectl on the path: .+ says how to get it/],
  [
    'where kubectl fails',
    OLD_KUBECTL,
    /ended with 1: error: unknown field "components"\. .+ `kubectl kustomize .+base'?` must work/,
  ],
])('%s the roles are refused with a sentence that says what to do', async (_name, launcher, sentence) => {
  const refused = rbac(given(['retries'], launcher))
  await expect(refused).rejects.toThrow(CannotRun)
  await expect(refused).rejects.toThrow(sentence)
})

test('the refusal waits for every rendering: their folder is removed after it', async () => {
  let ended = 0
  const launcher: Launcher = {
    ...NO_KUBECTL,
    run: async (args) => {
      if (!args.at(-1)?.endsWith('base')) await sleep(50)
      ended += 1
      return { code: 1, stdout: '', stderr: 'error: no' }
    },
  }
  await expect(rbac(given(['retries', 'timeouts'], launcher))).rejects.toThrow(CannotRun)
  expect(ended).toBe(3)
})
