import { expect, test } from 'vitest'
import { scriptedKubectl } from '../../testing/scripted-kubectl.ts'
import { createNamespace, leftovers, requestDeletion, untilGone } from './namespace.ts'

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
  await createNamespace(kubectl, 'prove-1', 'abc')
  await requestDeletion(kubectl, 'abc')
  await untilGone(kubectl, 'prove-1', 1000)
  expect(input).toContain('app.kubernetes.io/managed-by: linkerd-scenario-prove')
  expect(commands.slice(1)).toEqual([
    'delete namespace -l linkerd-scenario/run=abc --wait=false',
    'wait --for=delete namespace/prove-1 --timeout=1s',
  ])
})

test("another's namespace of that name is refused; our own, made by a try whose answer got lost, is taken", async () => {
  const with_ = (id: string) => scriptedKubectl((line) => (line.startsWith('create') ? exists : labelled(id))).kubectl
  await expect(createNamespace(with_('other'), 'prove-1', 'abc')).rejects.toThrow('exists already')
  await expect(createNamespace(with_('abc'), 'prove-1', 'abc')).resolves.toBeUndefined()
})

test('leftovers are distinguished from namespaces that are already being removed', async () => {
  const items = [
    { metadata: { name: 'prove-1' } },
    { metadata: { name: 'prove-2', deletionTimestamp: '2026-01-01T00:00:00Z' } },
  ]
  const { kubectl } = scriptedKubectl(() => ({ stdout: JSON.stringify({ items }) }))
  expect(await leftovers(kubectl)).toEqual([
    { name: 'prove-1', isTerminating: false },
    { name: 'prove-2', isTerminating: true },
  ])
})
