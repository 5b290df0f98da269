import { expect, test } from 'vitest'
import type { DeploymentObject, EventObject, PodObject } from './kubernetes-types.ts'
import { lastOf, podsOf, reached, toPod, unsettled, type Wanted } from './pod-state.ts'

const labels = { app: 'provider', version: 'v1' }
const pod = (
  part: { ready?: boolean; proxy?: 'sidecar' | 'container'; ending?: boolean; waiting?: string; hash?: string } = {},
): PodObject => {
  const proxy = {
    name: 'linkerd-proxy',
    ready: part.ready ?? true,
    restartCount: 2,
    ports: [{ name: 'linkerd-admin', containerPort: 14191 }],
  }
  const service = {
    name: 'provider',
    ready: part.ready ?? true,
    restartCount: 3,
    ...(part.waiting === undefined ? {} : { state: { waiting: { reason: part.waiting } } }),
  }
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: 'provider-v1-a',
      uid: 'u',
      labels: { ...labels, ...(part.hash === undefined ? {} : { 'pod-template-hash': part.hash }) },
      ...(part.ending ? { deletionTimestamp: 'now' } : {}),
    },
    spec: {
      containers: [
        { name: 'provider', image: 'provider:1.0', ports: [{ name: 'admin', containerPort: 5001 }] },
        ...(part.proxy === 'container' ? [proxy] : []),
      ],
      initContainers: part.proxy === 'sidecar' ? [proxy] : [],
    },
    status: {
      conditions: [{ type: 'Ready', status: (part.ready ?? true) ? 'True' : 'False' }],
      containerStatuses: [service, ...(part.proxy === 'container' ? [proxy] : [])],
      initContainerStatuses: part.proxy === 'sidecar' ? [proxy] : [],
    },
  }
}
const deployment = (status: DeploymentObject['status'], replicas = 1): DeploymentObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'provider-v1', generation: 2 },
  spec: { replicas, selector: { matchLabels: labels }, template: { metadata: { name: '' }, spec: { containers: [] } } },
  status: status ?? {},
})
const otherTemplate = { metadata: { name: '', labels: { a: 'b' } }, spec: { containers: [] } }
const done = { observedGeneration: 2, replicas: 1, updatedReplicas: 1, readyReplicas: 1 }

test('a proxy is found as a native sidecar and as an ordinary container', () => {
  for (const proxy of ['sidecar', 'container'] as const) {
    expect(toPod(pod({ proxy })).proxy).toEqual({ ready: true, restarts: 2, adminPort: 14191 })
  }
  expect(toPod(pod()).proxy).toBeUndefined()
  expect(toPod(pod()).adminPort).toBe(5001)
})

const wanted = (part: Partial<Wanted> = {}): Wanted => ({
  replicas: 1,
  generation: 0,
  hashes: new Map(),
  ...part,
})

test('a deployment has settled when exactly its replicas are there, new, ready, and none is ending', () => {
  const none = wanted({ replicas: 0 })
  expect(unsettled(deployment(done), [pod()], wanted())).toBeUndefined()
  expect(unsettled(deployment(done), [pod({ ready: false })], wanted())).toContain('0 of 1 pods ready')
  expect(unsettled(deployment(done), [pod(), pod({ ending: true })], wanted())).toContain('2 in all')
  expect(unsettled(deployment({ ...done, observedGeneration: 1 }), [pod()], wanted())).toBeDefined()
  expect(unsettled(deployment({ ...done, updatedReplicas: 0 }), [pod()], wanted())).toBeDefined()
  expect(unsettled(deployment({ observedGeneration: 2 }, 0), [], none)).toBeUndefined()
  expect(unsettled(deployment({ observedGeneration: 2 }, 0), [pod({ ending: true })], none)).toBeDefined()
})

test('a state from before the last command does not count', () => {
  expect(unsettled(deployment(done), [pod()], wanted({ generation: 3 }))).toBeDefined()
  expect(unsettled(deployment(done), [pod()], wanted({ generation: 2 }))).toBeUndefined()
  expect(unsettled(deployment(done), [pod()], wanted({ replicas: 3 }))).toContain('1 of 3 pods ready')
})

test('pods of another template do not count, even if the watch of pods lags behind that of deployments', () => {
  const changed = { ...deployment(done), spec: { ...deployment(done).spec, template: otherTemplate } }
  const before = reached(deployment(done), [pod({ hash: 'a' })], wanted())
  expect(unsettled(deployment(done), [pod({ hash: 'a' })], before)).toBeUndefined()
  expect(unsettled(changed, [pod({ hash: 'a' })], before)).toBeDefined()
  expect(unsettled(changed, [pod({ hash: 'b' })], before)).toBeUndefined()
  const after = reached(changed, [pod({ hash: 'b' })], before)
  expect(unsettled(deployment(done), [pod({ hash: 'b' })], after)).toBeDefined()
  expect(unsettled(deployment(done), [pod({ hash: 'a' })], after)).toBeUndefined()
  const two = { ...done, replicas: 2, updatedReplicas: 2 }
  const mixed = [pod({ hash: 'a' }), pod({ hash: 'b' })]
  expect(unsettled(deployment(two, 2), mixed, wanted({ replicas: 2 }))).toBeDefined()
})

test('without pods the hash of the same template is remembered', () => {
  const before = reached(deployment(done), [pod({ hash: 'a' })], wanted())
  const scaled = reached(deployment({ observedGeneration: 2 }, 0), [], { ...before, replicas: 0 })
  expect(unsettled(deployment(done), [pod({ hash: 'b' })], { ...scaled, replicas: 1 })).toBeDefined()
  expect(unsettled(deployment(done), [pod({ hash: 'a' })], { ...scaled, replicas: 1 })).toBeUndefined()
})

test('pods belong to a deployment by all of its labels', () => {
  const other = { ...pod(), metadata: { name: 'x', labels: { app: 'provider', version: 'v2' } } }
  expect(podsOf(deployment(done), [pod(), other, deployment(done)])).toHaveLength(1)
  const evicted = { ...pod(), status: { phase: 'Failed' } }
  expect(podsOf(deployment(done), [pod(), evicted])).toHaveLength(1)
})

test('the latest event, whichever field its time is in', () => {
  const event = (reason: string, times: Partial<EventObject>): EventObject => ({
    reason,
    message: 'why',
    metadata: { creationTimestamp: '2026-01-01T00:00:00Z' },
    ...times,
  })
  const events = [
    event('FailedScheduling', { lastTimestamp: '2026-01-01T00:05:00Z' }),
    event('FailedCreate', { lastTimestamp: null, eventTime: '2026-01-01T00:06:00.123456Z' }),
    event('Unhealthy', {}),
  ]
  expect(lastOf(events)).toBe('FailedCreate: why')
  expect(lastOf([])).toBeUndefined()
})
