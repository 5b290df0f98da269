import { expect, test } from 'vitest'
import type { KubeObject } from './kubernetes-types.ts'
import { difference } from './manifests.ts'

const object = (name: string, labels: Record<string, string> = {}): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, labels },
})

test('what differs is applied, what is gone is removed, the rest is left alone', () => {
  const from = [object('same'), object('changed'), object('gone')]
  const to = [object('same'), object('changed', { a: 'b' }), object('new')]
  const { apply, remove } = difference(from, to)
  expect(apply.map(({ metadata }) => metadata.name)).toEqual(['changed', 'new'])
  expect(remove.map(({ metadata }) => metadata.name)).toEqual(['gone'])
  expect(difference(to, to)).toEqual({ apply: [], remove: [] })
})
