import { expect, test } from 'vitest'
import { type Script, scriptedKubectl } from '../../testing/scripted-kubectl.ts'
import { FAILURE_PENALTIES, HTTP_ROUTE, RATE_LIMIT } from '../features/needs.ts'
import { contextOf, looksLikeProduction, preflight } from './preflight.ts'

const ready = (name: string) => ({
  metadata: { name, namespace: 'mesh-system', labels: { 'app.kubernetes.io/version': 'edge-26.6.3' } },
  status: { readyReplicas: 1 },
})
const components = (...names: string[]) => ({ stdout: JSON.stringify({ items: names.map(ready) }) })
const good: Script = (line) => {
  if (line.startsWith('config view')) return { stdout: 'https://10.0.0.1:6443' }
  if (line.startsWith('version')) return { stdout: '{"serverVersion":{"gitVersion":"v1.32.0"}}' }
  if (line.startsWith('auth can-i')) return { stdout: 'yes\n' }
  if (line.startsWith('get deployments')) return components('linkerd-destination', 'linkerd-proxy-injector')
  if (line.startsWith('get custom'))
    return { stdout: 'httproutes.gateway.networking.k8s.io v1.2.1\nservers.policy.linkerd.io \n' }
  return { code: 1, stderr: `unexpected ${line}` }
}
const instead =
  (start: string, output: ReturnType<Script>): Script =>
  (line, input) =>
    line.startsWith(start) ? output : good(line, input)

test('a cluster with all that is needed', async () => {
  const cluster = await preflight(scriptedKubectl(good).kubectl, 'kind', 'prove-1')
  expect(cluster).toMatchObject({
    kubernetes: 'v1.32.0',
    linkerd: 'edge-26.6.3',
    controlPlane: 'mesh-system',
    gatewayApi: 'v1.2.1',
    server: 'https://10.0.0.1:6443',
  })
  expect(cluster.lacks(HTTP_ROUTE)).toBeUndefined()
  expect(cluster.lacks(RATE_LIMIT)).toContain('httplocalratelimitpolicies.policy.linkerd.io')
  expect(cluster.lacks(FAILURE_PENALTIES)).toBeUndefined()
  const newer = { since: { edge: 'edge-26.6.4', release: '2.21' }, what: 'something new' }
  expect(cluster.lacks(newer)).toBe(
    'Linkerd has something new since edge-26.6.4 and 2.21, and this is edge-26.6.3: upgrade Linkerd',
  )
})

test.each<[string, Script, RegExp]>([
  [
    'an API server that is down',
    instead('version', { code: 1, stderr: 'dial tcp: no such host' }),
    /does not answer.*no such host/,
  ],
  [
    'no right to make a namespace',
    instead('auth can-i create namespaces', { code: 1, stdout: 'no\n' }),
    /may not create namespaces/,
  ],
  ['no Linkerd', instead('get deployments', components()), /linkerd install/],
  ['no injector', instead('get deployments', components('linkerd-destination')), /no linkerd-proxy-injector/],
  [
    'a control plane that is not ready',
    instead('get deployments', {
      stdout: JSON.stringify({ items: [{ ...ready('linkerd-destination'), status: {} }] }),
    }),
    /no ready pod.*linkerd check/,
  ],
])('%s is named, with what to do', async (_name, script, words) => {
  await expect(preflight(scriptedKubectl(script).kubectl, 'kind', 'prove-1')).rejects.toThrow(words)
})

test('contexts: the current one, one that is not there, none at all, and no kubectl', async () => {
  const answering = (output: ReturnType<Script>) => scriptedKubectl(() => output).kubectl
  expect(await contextOf(answering({ stdout: 'kind-mesh\n' }), undefined)).toBe('kind-mesh')
  await expect(contextOf(answering({ stdout: 'a\nb\n' }), 'c')).rejects.toThrow('There is no context c')
  await expect(contextOf(answering({ code: 1, stderr: 'current-context is not set' }), undefined)).rejects.toThrow(
    'no current context',
  )
  const missing = scriptedKubectl(() => Promise.reject(Object.assign(new Error('spawn'), { code: 'ENOENT' })))
  await expect(contextOf(missing.kubectl, undefined)).rejects.toThrow('There is no kubectl on the path')
})

test.each([
  ['gke_acme_europe_prod', true],
  ['production', true],
  ['eks-live-1', true],
  ['kind-linkerd', false],
  ['products-dev', false],
  ['delivery', false],
])('%s looks like production: %s', (context, is) => {
  expect(looksLikeProduction(context)).toBe(is)
})

test('all rights that are missing are named at once; a run in a given namespace needs fewer', async () => {
  const none: Script = (line, input) =>
    line.startsWith('auth can-i') ? { code: 1, stdout: 'no\n' } : good(line, input)
  await expect(preflight(scriptedKubectl(none).kubectl, 'kind', 'prove-1')).rejects.toThrow(
    /may not create namespaces, delete namespaces, .*create pods\/exec here/,
  )
  await expect(preflight(scriptedKubectl(none).kubectl, 'kind', 'team-a', false)).rejects.toThrow(
    /^You may not list customresourcedefinitions, create deployments\.apps/,
  )
})
