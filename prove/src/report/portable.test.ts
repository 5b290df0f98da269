import { expect, test } from 'vitest'
import { portable } from './portable.ts'

const places = { out: 'prove-report', cwd: '/home/ann/mesh', home: '/home/ann' }

test.each([
  ['kubectl apply -f /home/ann/mesh/prove-report/prove-1/base.yaml', 'kubectl apply -f prove-report/prove-1/base.yaml'],
  ['kubectl kustomize /home/ann/mesh/k8s', 'kubectl kustomize ./k8s'],
  ['open /home/ann/.kube/config: no such file', 'open ~/.kube/config: no such file'],
  ['/home/annette/x and /home/ann/mesh-2/x', '/home/annette/x and ~/mesh-2/x'],
  ['https://127.0.0.1:6443', 'https://127.0.0.1:6443'],
])('%s', (text, expected) => {
  expect(portable({ features: [{ commands: [text] }] }, places)).toEqual({ features: [{ commands: [expected] }] })
})

test('a folder outside of the current one keeps its last name', () => {
  expect(portable(['/var/tmp/x7/out/prove-1'], { ...places, out: '/var/tmp/x7/out' })).toEqual(['out/prove-1'])
})

test('a root as home or current folder is in every path and replaces nothing', () => {
  expect(portable('/a/b /', { out: '/tmp/o', cwd: '/', home: '/' })).toBe('/a/b /')
})
