import { expect, test } from 'vitest'
import { type Script, scriptedKubectl } from '../testing/scripted-kubectl.ts'
import { cleanUp } from './clean-up.ts'

const found = (...names: string[]) => ({
  stdout: JSON.stringify({ items: names.map((name) => ({ metadata: { name } })) }),
})

test('the namespaces of killed runs are found by their label, removed, and waited for', async () => {
  const { kubectl, commands } = scriptedKubectl((line) => (line.startsWith('get') ? found('prove-1', 'prove-2') : {}))
  const said: string[] = []
  expect(await cleanUp(kubectl, undefined, (line) => said.push(line))).toBe(0)
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
  expect(await cleanUp(kubectl, undefined, (line) => said.push(line))).toBe(0)
  expect([said, commands.length]).toEqual([['No run has left a namespace.'], 1])
  const refused = scriptedKubectl(() => ({ code: 1, stderr: 'Error from server (Forbidden): no' }))
  expect(await cleanUp(refused.kubectl, undefined, (line) => said.push(line))).toBe(2)
  expect(said.at(-1)).toContain('(Forbidden)')
})

test('without kubectl it says how to get it', async () => {
  const said: string[] = []
  const missing = scriptedKubectl(() => Promise.reject(Object.assign(new Error('spawn'), { code: 'ENOENT' })))
  expect(await cleanUp(missing.kubectl, undefined, (line) => said.push(line))).toBe(2)
  expect(said).toEqual([
    expect.stringMatching(/^Could not clean up: There is no kubectl on the path: .+ how to get it/),
  ])
})

const policy = (name: string) => ({ apiVersion: 'policy.linkerd.io/v1beta3', kind: 'Server', metadata: { name } })
/** Answers a `get` of this resource with these objects, and any other with none. */
const having =
  (resource: string, objects: readonly object[]): Script =>
  (line) => ({ stdout: JSON.stringify({ items: line.startsWith(`get ${resource} `) ? objects : [] }) })

test('in a given namespace all kinds of objects are removed that carry the label of a run', async () => {
  const { kubectl, commands } = scriptedKubectl(having('server.policy.linkerd.io', [policy('provider-http')]))
  const said: string[] = []
  expect(await cleanUp(kubectl, 'team-a', (line) => said.push(line))).toBe(0)
  expect(said).toEqual(['Removing from the namespace team-a: Server/provider-http …', 'It is gone.'])
  expect(commands.filter((command) => !command.startsWith('get'))).toEqual([
    'delete server.policy.linkerd.io -n team-a -l linkerd-scenario/run --timeout=120s',
  ])
  expect(commands.every((command) => command.includes(' -n team-a -l linkerd-scenario/run'))).toBe(true)
})

test('kinds that the cluster does not know have left nothing; of those that may not be listed it says so', async () => {
  const asked = async (stderr: string) => {
    const said: string[] = []
    const { kubectl } = scriptedKubectl((line) =>
      line.startsWith('get server.') ? { code: 1, stderr } : having('', [])(line, undefined),
    )
    return [await cleanUp(kubectl, 'team-a', (line) => said.push(line)), ...said]
  }
  const nothing = 'No run has left anything in the namespace team-a.'
  expect(await asked('error: the server doesn\'t have a resource type "servers"')).toEqual([0, nothing])
  expect(await asked('Error from server (Forbidden): servers is forbidden')).toEqual([
    2,
    expect.stringMatching(/^Could not look for everything that runs leave: .*Forbidden/),
  ])
})
