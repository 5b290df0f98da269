import { expect, test } from 'vitest'
import { scriptedKubectl } from '../../testing/scripted-kubectl.ts'
import { causesIn, findCauses, type Surroundings } from './causes.ts'
import type { DeploymentObject } from './kubernetes-types.ts'

const CLEAN: Surroundings = {
  namespace: { name: 'test' },
  pods: [],
  services: [service({})],
  servers: [],
  routes: [route('split'), route('rest')],
  ownRoutes: ['split', 'rest'],
  profiles: [],
}
function service(annotations: Record<string, string>, appProtocol?: string) {
  const port = appProtocol === undefined ? { port: 5000 } : { port: 5000, appProtocol }
  return { apiVersion: 'v1', kind: 'Service', metadata: { name: 'provider-svc', annotations }, spec: { ports: [port] } }
}
function route(name: string, parent: { kind?: string; name: string } = { kind: 'Service', name: 'provider-svc' }) {
  const spec = { parentRefs: [parent] }
  return { apiVersion: 'gateway.networking.k8s.io/v1', kind: 'HTTPRoute', metadata: { name }, spec }
}
function pod(policy: string, annotations: Record<string, string> = {}) {
  const env = [{ name: 'LINKERD2_PROXY_INBOUND_DEFAULT_POLICY', value: policy }]
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'provider-v1-a', annotations },
    spec: { containers: [], initContainers: [{ name: 'linkerd-proxy', env }] },
  }
}
const server = (proxyProtocol: string) => ({
  apiVersion: 'policy.linkerd.io/v1beta3',
  kind: 'Server',
  metadata: { name: 'provider-http' },
  spec: { port: 5000, proxyProtocol },
})
const profile = {
  apiVersion: 'linkerd.io/v1alpha2',
  kind: 'ServiceProfile',
  metadata: { name: 'provider-svc.test.svc.cluster.local', namespace: 'test' },
}

test('a namespace without any known cause has none', () => {
  const open = {
    ...CLEAN,
    pods: [pod('all-unauthenticated')],
    services: [service({}, 'http')],
    servers: [server('HTTP/1')],
  }
  expect(causesIn(open)).toEqual([])
})

test.each<[string, Partial<Surroundings>, RegExp]>([
  [
    'a default inbound policy on the namespace',
    { namespace: { name: 'test', annotations: { 'config.linkerd.io/default-inbound-policy': 'deny' } } },
    /^Namespace test has config\.linkerd\.io\/default-inbound-policy: deny/,
  ],
  ['a default inbound policy of the mesh', { pods: [pod('deny')] }, /^Pod provider-v1-a has .*DEFAULT_POLICY=deny/],
  [
    'skipped ports on a pod',
    { pods: [pod('all-unauthenticated', { 'config.linkerd.io/skip-inbound-ports': '5000' })] },
    /^Pod provider-v1-a has config\.linkerd\.io\/skip-inbound-ports: 5000/,
  ],
  [
    'an opaque port by annotation',
    { services: [service({ 'config.linkerd.io/opaque-ports': '5000' })] },
    /^Service provider-svc has config\.linkerd\.io\/opaque-ports: 5000/,
  ],
  [
    'an opaque port by protocol',
    { services: [service({}, 'linkerd.io/opaque')] },
    /^Service provider-svc has appProtocol/,
  ],
  ['an opaque Server', { servers: [server('opaque')] }, /^Server provider-http has proxyProtocol: opaque/],
  ['a second route', { routes: [route('split'), route('other')] }, /parent of several HTTPRoutes: split, other/],
  ['a ServiceProfile beside a route', { profiles: [profile] }, /^ServiceProfile provider-svc\.test.*HTTPRoute split/],
])('%s is named with its object and field', (_name, part, words) => {
  const causes = causesIn({ ...CLEAN, ...part })
  expect(causes).toHaveLength(1)
  expect(causes[0]).toMatch(words)
})

test.each([
  ['a Gateway, which a parent without a kind is', { name: 'provider-svc' }],
  ['a Server', { kind: 'Server', name: 'provider-svc' }],
])('the route of %s is not one of the Service of the same name', (_name, parent) => {
  const routes = [route('one', parent), route('other', parent)]
  expect(causesIn({ ...CLEAN, routes })).toEqual([])
  const [cause] = causesIn({ ...CLEAN, routes, profiles: [profile] })
  expect(cause).toMatch(/^ServiceProfile provider-svc/)
  expect(cause).not.toContain('HTTPRoute')
})

test('what may not be read is left out', async () => {
  const { kubectl } = scriptedKubectl((line) => {
    if (line.startsWith('get services')) return { stdout: JSON.stringify({ items: [service({}, 'https')] }) }
    return { code: 1, stderr: 'Error from server (Forbidden): no' }
  })
  expect(await findCauses(kubectl, 'test', [])).toEqual([
    'Service provider-svc has appProtocol: https on port 5000, so proxies see bytes and no requests.',
  ])
})

test('what our own manifests set is not a cause', async () => {
  const labels = { app: 'consumer', version: 'bypass' }
  const annotations = { 'config.linkerd.io/skip-outbound-ports': '5000' }
  const bypass = {
    ...pod('all-unauthenticated', annotations),
    metadata: { name: 'consumer-bypass-a', labels, annotations },
  }
  const deployment: DeploymentObject = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'consumer-bypass' },
    spec: {
      selector: { matchLabels: labels },
      template: { metadata: { name: '', annotations }, spec: { containers: [] } },
    },
  }
  const { kubectl } = scriptedKubectl((line) => ({
    stdout: JSON.stringify(
      line.startsWith('get namespace')
        ? { metadata: { name: 'test' } }
        : { items: line.startsWith('get pods') ? [bypass] : [] },
    ),
  }))
  expect(await findCauses(kubectl, 'test', [deployment])).toEqual([])
  expect(await findCauses(kubectl, 'test', [])).toHaveLength(1)
})
