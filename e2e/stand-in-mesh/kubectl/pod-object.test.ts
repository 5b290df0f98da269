import { expect, test } from 'vitest'
import { type Behaviour, HONEST } from '../behaviour.ts'
import { NO_DELAYS } from '../delays.ts'
import { StandInPod } from '../pod.ts'
import { Policies } from '../proxy/policies/policies.ts'
import recorded from '../recorded/injected-pod.json' with { type: 'json' }
import { podObject } from './pod-object.ts'

type Shape = typeof recorded

function pod(given: Partial<Behaviour> = {}, isInjected = true): Shape {
  const behaviour = { ...HONEST, ...given }
  const one = new StandInPod({
    deployment: 'provider-v1',
    hash: '5d67765d45',
    template: {
      metadata: { labels: { app: 'provider' }, annotations: { 'linkerd.io/inject': 'enabled' } },
      spec: { serviceAccountName: 'provider', containers: [{ name: 'provider', image: 'provider:1.0' }] },
    },
    namespace: 'byhand',
    ip: '10.244.0.7',
    behaviour,
    delays: NO_DELAYS,
    policies: new Policies(() => [], behaviour),
    isInjected,
    isService: () => true,
    targets: () => [],
    secret: '',
  })
  one.readySince = 0
  return podObject(one, undefined) as Shape
}

test('an injected pod looks like a real one: labels, annotations, native sidecar, conditions', () => {
  const { metadata, spec, status } = pod()
  expect(metadata.annotations).toEqual(recorded.metadata.annotations)
  expect(metadata.labels).toMatchObject(recorded.metadata.labels)
  expect(spec.initContainers).toEqual(recorded.spec.initContainers)
  expect(status.initContainerStatuses).toEqual(recorded.status.initContainerStatuses)
  expect(status.conditions).toEqual(recorded.status.conditions)
})

test('a pod without a proxy has nothing of the injector', () => {
  const { metadata, spec, status } = pod({}, false)
  expect(Object.keys({ ...metadata.annotations, ...metadata.labels })).toEqual([
    'linkerd.io/inject',
    'app',
    'pod-template-hash',
  ])
  expect(spec).not.toHaveProperty('initContainers')
  expect(status).not.toHaveProperty('initContainerStatuses')
})

test('the names of another mesh appear in the proxy’s environment and ports', () => {
  const names = { controlPlane: 'mesh', trustDomain: 'mesh.example', clusterDomain: 'cluster.example' }
  const [, proxy] = pod({ ...names, proxyAdminPort: 4999, defaultInboundPolicy: 'deny' }).spec.initContainers
  const text = JSON.stringify(proxy)
  expect(text).toContain('.serviceaccount.identity.mesh.mesh.example')
  expect(text).toContain('svc.cluster.example.')
  expect(text).toContain('"containerPort":4999')
  expect(text).toContain('"value":"deny"')
  expect(text).not.toMatch(/cluster\.local|4191|identity\.linkerd/)
})
