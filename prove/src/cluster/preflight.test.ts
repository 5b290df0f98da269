import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { type Script, scriptedKubectl } from '../../testing/scripted-kubectl.ts'
import { FAILURE_PENALTIES, HTTP_ROUTE, RATE_LIMIT } from '../features/needs.ts'
import type { Right } from './access-review.ts'
import { contextOf, looksLikeProduction, preflight } from './preflight.ts'

const ready = (name: string) => ({
  metadata: { name, namespace: 'mesh-system', labels: { 'app.kubernetes.io/version': 'edge-26.6.3' } },
  status: { readyReplicas: 1 },
})
const components = (...names: string[]) => ({ stdout: JSON.stringify({ items: names.map(ready) }) })
/** What kubectl prints for the access reviews of its input. */
const reviewed = (input: string | undefined, isAllowed: (verb: string, resource: string) => boolean) => {
  const { items } = parse(input ?? '') as { items: { spec: { resourceAttributes: Record<string, string> } }[] }
  return items
    .map(({ spec: { resourceAttributes: asked } }) => `${isAllowed(asked['verb'] ?? '', asked['resource'] ?? '')}\n`)
    .join('')
}
const KIND = { context: 'kind', server: 'https://10.0.0.1:6443' }
const right = (verb: string, resource: string, namespace?: string, name?: string): Right => ({
  verb,
  resource,
  namespace,
  name,
  isCustom: resource.includes('.k8s.io') || resource.includes('linkerd.io'),
})
const CRDS: Right = { ...right('list', 'customresourcedefinitions.apiextensions.k8s.io'), isCustom: false }
const OWN = [
  ...['create', 'delete'].map((verb) => right(verb, 'namespaces')),
  CRDS,
  right('list', 'deployments.apps'),
  ...['get', 'create'].map((verb) => right(verb, 'deployments.apps', 'prove-1')),
  right('create', 'pods/exec', 'prove-1'),
  ...['create', 'watch'].map((verb) => right(verb, 'httproutes.gateway.networking.k8s.io', 'prove-1')),
  right('create', 'httplocalratelimitpolicies.policy.linkerd.io', 'prove-1'),
  right('patch', 'configmaps', 'reports', 'mesh'),
]
const good: Script = (line, input) => {
  if (line.startsWith('version'))
    return { stdout: '{"clientVersion":{"gitVersion":"v1.31.4"},"serverVersion":{"gitVersion":"v1.32.0"}}' }
  if (line.startsWith('create')) return { stdout: reviewed(input, () => true) }
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
  const cluster = await preflight(scriptedKubectl(good).kubectl, KIND, OWN)
  expect(cluster).toMatchObject({
    kubernetes: 'v1.32.0',
    kubectl: 'v1.31.4',
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
    (line, input) =>
      line.startsWith('create')
        ? { stdout: reviewed(input, (verb, resource) => verb !== 'create' || resource !== 'namespaces') }
        : good(line, input),
    /may not create namespaces, which a run needs.*kubectl auth can-i create namespaces -A/,
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
  await expect(preflight(scriptedKubectl(script).kubectl, KIND, OWN)).rejects.toThrow(words)
})

test('contexts: the current one, one that is not there, none at all, and no kubectl', async () => {
  const answering = (output: ReturnType<Script>) => scriptedKubectl(() => output).kubectl
  const config = {
    'current-context': 'kind-mesh',
    contexts: [
      { name: 'a', context: { cluster: 'b' } },
      { name: 'kind-mesh', context: { cluster: 'c' } },
    ],
    clusters: [
      { name: 'b', cluster: { server: 'https://b' } },
      { name: 'c', cluster: { server: 'https://c' } },
    ],
  }
  const kubectl = answering({ stdout: JSON.stringify(config) })
  expect(await contextOf(kubectl, undefined)).toEqual({ context: 'kind-mesh', server: 'https://c' })
  expect(await contextOf(kubectl, 'a')).toEqual({ context: 'a', server: 'https://b' })
  await expect(contextOf(kubectl, 'd')).rejects.toThrow('There is no context d')
  const empty = { 'current-context': '', contexts: null, clusters: null }
  await expect(contextOf(answering({ stdout: JSON.stringify(empty) }), undefined)).rejects.toThrow('no current context')
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

test('all rights that are missing are named at once, each with its place', async () => {
  const none: Script = (line, input) =>
    line.startsWith('create') ? { stdout: reviewed(input, () => false) } : good(line, input)
  await expect(preflight(scriptedKubectl(none).kubectl, KIND, OWN)).rejects.toThrow(
    `You may not ${[
      'create, delete namespaces',
      'list customresourcedefinitions.apiextensions.k8s.io',
      'list deployments.apps in all namespaces',
      'get, create deployments.apps in prove-1',
      'create pods/exec in prove-1',
      'create, watch httproutes.gateway.networking.k8s.io in prove-1',
      'create httplocalratelimitpolicies.policy.linkerd.io in prove-1',
      'patch configmaps/mesh in reports',
    ].join('; ')}, which a run needs.`,
  )
})

test('a right to a kind that the cluster does not have is not missing: its features are skipped', async () => {
  const without = (kind: string): Script => {
    return (line, input) =>
      line.startsWith('create')
        ? { stdout: reviewed(input, (_verb, resource) => resource !== kind) }
        : good(line, input)
  }
  const limits = scriptedKubectl(without('httplocalratelimitpolicies'))
  expect((await preflight(limits.kubectl, KIND, OWN)).lacks(RATE_LIMIT)).toContain('httplocalratelimitpolicies')
  const routes = scriptedKubectl(without('httproutes'))
  await expect(preflight(routes.kubectl, KIND, OWN)).rejects.toThrow(/may not create, watch httproutes/)
  // The version, the reviews, the kinds and the control plane: one command for each.
  expect(limits.commands).toHaveLength(4)
})

test.each([
  [right('create', 'pods/exec', 'prove-1'), { resource: 'pods', group: '', subresource: 'exec', namespace: 'prove-1' }],
  [right('list', 'deployments.apps'), { resource: 'deployments', group: 'apps' }],
  [right('patch', 'configmaps', 'reports', 'mesh'), { resource: 'configmaps', namespace: 'reports', name: 'mesh' }],
])('a right is asked for as the API server names it: %o', async (asked, attributes) => {
  let questions: unknown
  const { kubectl } = scriptedKubectl((line, input) => {
    if (line.startsWith('create')) questions = parse(input ?? '')
    return good(line, input)
  })
  await preflight(kubectl, KIND, [asked])
  expect(questions).toMatchObject({ items: [{ spec: { resourceAttributes: { verb: asked.verb, ...attributes } } }] })
})
