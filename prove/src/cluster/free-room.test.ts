import { expect, test } from 'vitest'
import { scriptedKubectl } from '../../testing/scripted-kubectl.ts'
import { clusterRoom, quantityOf, roomIn } from './free-room.ts'

const node = (name: string, cordoned = '<none>', taints = '<none>') =>
  `Node ${name} <none> <none> ${cordoned} ${taints} 4 8Gi 110 <none> <none> <none> <none>`
const pod = (on: string, phase = 'Running') =>
  `Pod   some   ${on} ${phase} <none> <none> <none> <none> <none> 100m,0.2 64Mi,64Mi 100m 128Mi`
const signal = new AbortController().signal

test('what the pods on the nodes request is not free; ended pods request nothing', () => {
  const table = [node('a'), node('b'), pod('a'), pod('b'), pod('b', 'Succeeded'), ''].join('\n')
  expect(roomIn(table)).toEqual({
    total: { cores: 8, memoryBytes: 16 * 2 ** 30, pods: 220 },
    free: { cores: 8 - 2 * 0.4, memoryBytes: 16 * 2 ** 30 - 2 * 256 * 2 ** 20, pods: 218 },
  })
})

test('a node that takes no pods has no room, and neither have the pods on it', () => {
  const table = [node('a'), node('b', 'true'), node('c', '<none>', 'PreferNoSchedule,NoSchedule'), pod('c')].join('\n')
  expect(roomIn(table)?.free).toEqual({ cores: 4, memoryBytes: 8 * 2 ** 30, pods: 110 })
  expect(roomIn(node('b', 'true'))).toBeUndefined()
})

test.each([
  ['2', 2],
  ['1930m', 1.93],
  ['3919Mi', 3919 * 2 ** 20],
  ['7950372Ki', 7950372 * 2 ** 10],
  ['1e3', 1000],
  ['much', Number.NaN],
  ['5Xi', Number.NaN],
])('the quantity %s is %d', (text, value) => expect(quantityOf(text)).toBe(value))

test('who may not look gets no answer, and no error; an interrupt is one', async () => {
  const { kubectl } = scriptedKubectl(() => ({ code: 1, stderr: 'Error from server (Forbidden): nodes is forbidden' }))
  expect(await clusterRoom(kubectl, signal)).toBeUndefined()
  await expect(clusterRoom(kubectl, AbortSignal.abort(new Error('Interrupted')))).rejects.toThrow('Interrupted')
})
