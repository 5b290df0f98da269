import { afterEach, expect, test } from 'vitest'
import { type Delays, REAL_DELAYS } from './delays.ts'
import { StandInCluster } from './stand-in-cluster.ts'

const ROUTE =
  '{apiVersion: gateway.networking.k8s.io/v1, kind: HTTPRoute, metadata: {name: r}, spec: {parentRefs: [{kind: Service, name: s}]}}'

let cluster: StandInCluster
afterEach(() => cluster.close())

function withDelays(delays: Partial<Delays>): StandInCluster {
  cluster = new StandInCluster({}, delays)
  cluster.createNamespace('demo', {})
  return cluster
}

const isAccepted = () => JSON.stringify(cluster.objectsOf('demo', ['httproutes'])).includes('"Accepted"')

test('a policy is in effect, and accepted, when its delay is over', async () => {
  withDelays({ policiesMs: 50 }).apply('demo', ROUTE)
  expect(isAccepted()).toBe(false)
  await expect.poll(isAccepted).toBe(true)
})

test('without delays it is at once', () => {
  withDelays({}).apply('demo', ROUTE)
  expect(isAccepted()).toBe(true)
})

test('a namespace exists until its removal is over', async () => {
  const removed = withDelays({ namespaceRemovalMs: 50 }).deleteNamespace('demo')
  expect(cluster.namespaces.has('demo')).toBe(true)
  await removed
  expect(cluster.namespaces.has('demo')).toBe(false)
})

test('a pod that is deleted before it has begun leaves nothing open', async () => {
  const labels = { app: 'provider' }
  const metadata = { labels, annotations: { 'linkerd.io/inject': 'enabled' } }
  const spec = { serviceAccountName: 'provider', containers: [{ name: 'provider', image: 'provider:1.0' }] }
  const deployment = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'provider-v1', labels },
    spec: { selector: { matchLabels: labels }, template: { metadata, spec } },
  }
  withDelays({ podStartMs: 300 }).apply('demo', JSON.stringify(deployment))
  await expect.poll(() => cluster.pods('demo').length).toBe(1)
  await cluster.deleteNamespace('demo')
  const servers = () => process.getActiveResourcesInfo().filter((one) => one === 'TCPServerWrap')
  await expect.poll(servers).toEqual([])
})

test('the recorded delays are those of a real cluster, in ms', () => {
  expect(Object.values(REAL_DELAYS).every((delay) => delay >= 1000)).toBe(true)
})
