import { expect, test } from 'vitest'
import type { KubeObject } from './kubernetes-types.ts'
import { difference, imageOf } from './manifests.ts'

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

test('the images have the names that `npm run images` gives them, here and in a registry', () => {
  expect(imageOf('provider', { registry: undefined, tag: '1.0' })).toBe('provider:1.0')
  expect(imageOf('provider', { registry: 'ghcr.io/me', tag: '2.0' })).toBe('ghcr.io/me/provider-linkerd:2.0')
  expect(imageOf('provider', { registry: 'ghcr.io/me/', tag: '2.0' })).toBe('ghcr.io/me/provider-linkerd:2.0')
})
