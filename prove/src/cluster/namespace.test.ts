import { expect, test } from 'vitest'
import { scriptedKubectl } from '../../testing/scripted-kubectl.ts'
import { createNamespace, deleteNamespace } from './namespace.ts'

const own = { name: 'prove-1', id: 'abc' }
const exists = { code: 1, stderr: 'Error from server (AlreadyExists): namespaces "prove-1" already exists' }
const labelled = (id: string) => ({
  stdout: JSON.stringify({ metadata: { name: 'prove-1', labels: { 'linkerd-scenario/run': id } } }),
})

test('a namespace carries who made it, and only what this run made is removed', async () => {
  let input = ''
  const { kubectl, commands } = scriptedKubectl((_line, text) => {
    input += text ?? ''
    return {}
  })
  await createNamespace(kubectl, own)
  await deleteNamespace(kubectl, own, 1000)
  expect(input).toContain('app.kubernetes.io/managed-by: linkerd-scenario-prove')
  expect(commands.at(-1)).toBe('delete namespace -l linkerd-scenario/run=abc --wait=true')
})

test("another's namespace of that name is refused; our own, made by a try whose answer got lost, is taken", async () => {
  const with_ = (id: string) => scriptedKubectl((line) => (line.startsWith('create') ? exists : labelled(id))).kubectl
  await expect(createNamespace(with_('other'), own)).rejects.toThrow('exists already')
  await expect(createNamespace(with_('abc'), own)).resolves.toBeUndefined()
})
