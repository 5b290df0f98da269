import { expect, test } from 'vitest'
import type { PodObject } from './kubernetes-types.ts'
import { identityOf, meshFactsOf } from './mesh-facts.ts'

const env = (values: Record<string, string>) => Object.entries(values).map(([name, value]) => ({ name, value }))
const podWith = (values: Record<string, string>): PodObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'consumer-v1-a' },
  spec: { containers: [{ name: 'consumer' }], initContainers: [{ name: 'linkerd-proxy', env: env(values) }] },
  status: {},
})

test('trust domain, control plane and cluster domain come from the proxy, each on its own', () => {
  const facts = meshFactsOf(
    podWith({
      LINKERD2_PROXY_IDENTITY_LOCAL_NAME: '$(_pod_sa).$(_pod_ns).serviceaccount.identity.mesh-system.corp.example',
      LINKERD2_PROXY_DESTINATION_PROFILE_SUFFIXES: 'svc.k8s.internal.',
    }),
  )
  expect(facts).toEqual({
    controlPlane: 'mesh-system',
    trustDomain: 'corp.example',
    clusterDomain: 'k8s.internal',
  })
  expect(facts && identityOf('consumer', 'test', facts)).toBe(
    'consumer.test.serviceaccount.identity.mesh-system.corp.example',
  )
})

test('a pod without a proxy, or with a proxy without an identity, has no facts', () => {
  expect(meshFactsOf(podWith({}))).toBeUndefined()
  const { spec, ...pod } = podWith({})
  expect(meshFactsOf({ ...pod, spec: { containers: spec.containers } })).toBeUndefined()
})
