import { expect, test } from 'vitest'
import { scriptedKubectl } from '../testing/scripted-kubectl.ts'
import { cleanUp } from './clean-up.ts'

const found = (...names: string[]) => ({
  stdout: JSON.stringify({ items: names.map((name) => ({ metadata: { name } })) }),
})

test('the namespaces of killed runs are found by their label, removed, and waited for', async () => {
  const { kubectl, commands } = scriptedKubectl((line) => (line.startsWith('get') ? found('prove-1', 'prove-2') : {}))
  const said: string[] = []
  expect(await cleanUp(kubectl, (line) => said.push(line))).toBe(0)
  expect(commands).toEqual([
    'get namespaces -l app.kubernetes.io/managed-by=linkerd-scenario-prove -o json',
    'delete namespace -l app.kubernetes.io/managed-by=linkerd-scenario-prove --wait=false',
    'wait --for=delete namespace/prove-1 --timeout=120s',
    'wait --for=delete namespace/prove-2 --timeout=120s',
  ])
  expect(said.at(-1)).toBe('They are gone.')
})

test('it says if there is nothing to clean, and a cluster that refuses is an error', async () => {
  const said: string[] = []
  const { kubectl, commands } = scriptedKubectl(() => found())
  expect(await cleanUp(kubectl, (line) => said.push(line))).toBe(0)
  expect([said, commands.length]).toEqual([['No run has left a namespace.'], 1])
  const refused = scriptedKubectl(() => ({ code: 1, stderr: 'Error from server (Forbidden): no' }))
  expect(await cleanUp(refused.kubectl, (line) => said.push(line))).toBe(2)
  expect(said.at(-1)).toContain('(Forbidden)')
})

test('without kubectl it says how to get it', async () => {
  const said: string[] = []
  const missing = scriptedKubectl(() => Promise.reject(Object.assign(new Error('spawn'), { code: 'ENOENT' })))
  expect(await cleanUp(missing.kubectl, (line) => said.push(line))).toBe(2)
  expect(said).toEqual([
    expect.stringMatching(/^Could not clean up: There is no kubectl on the path: .+ how to get it/),
  ])
})
