import { expect, test } from 'vitest'
import type { Applied } from '../../stand-in-mesh/proxy/policies/policies.ts'
import { patched, withEnvironment, withMetadata } from './changes.ts'

const SERVICE = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'a' } } as Applied
const DEPLOYMENT = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'a' },
  spec: { replicas: 1, template: { spec: { containers: [{ name: 'a', env: [{ name: 'ONE', value: '1' }] }] } } },
} as unknown as Applied

test.each(['labels', 'annotations'] as const)('%s are set, and removed without a trace', (field) => {
  const set = withMetadata(SERVICE, field, ['service/a', 'x.example/y=1=2', '--overwrite'])
  expect(set.metadata).toEqual({ name: 'a', [field]: { 'x.example/y': '1=2' } })
  expect(withMetadata(set, field, ['service/a', 'x.example/y-'])).toEqual(SERVICE)
})

test('a patch replaces, and leaves the object that it was given', () => {
  const one = patched(DEPLOYMENT, '[{"op": "replace", "path": "/spec/replicas", "value": 3}]')
  expect(one.spec).toMatchObject({ replicas: 3 })
  expect(DEPLOYMENT.spec).toMatchObject({ replicas: 1 })
  expect(() => patched(DEPLOYMENT, '[{"op": "test", "path": "/spec", "value": 3}]')).toThrow('knows no patch test')
})

test('variables are set, replaced and removed', () => {
  const env = (object: Applied) =>
    (object.spec as unknown as { template: { spec: { containers: { env: unknown }[] } } }).template.spec.containers[0]
      ?.env
  const both = withEnvironment(DEPLOYMENT, ['deployment/a', 'ONE=2', 'TWO=a=b'])
  expect(env(both)).toEqual([
    { name: 'ONE', value: '2' },
    { name: 'TWO', value: 'a=b' },
  ])
  expect(env(withEnvironment(both, ['deployment/a', 'ONE-', 'TWO-']))).toEqual([])
})
