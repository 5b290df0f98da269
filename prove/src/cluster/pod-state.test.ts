import { expect, test } from 'vitest'
import type { DeploymentObject, EventObject, PodObject } from './kubernetes-types.ts'
import { lastOf, podsOf, toPod, unsettled } from './pod-state.ts'

const labels = { app: 'provider', version: 'v1' }
const pod = (
  part: { ready?: boolean; proxy?: 'sidecar' | 'container'; ending?: boolean; waiting?: string } = {},
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
      labels,
      annotations: { 'linkerd.io/proxy-version': 'v2.359.0' },
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
const done = { observedGeneration: 2, replicas: 1, updatedReplicas: 1, readyReplicas: 1 }

test('a proxy is found as a native sidecar and as an ordinary container', () => {
  for (const proxy of ['sidecar', 'container'] as const) {
    expect(toPod(pod({ proxy })).proxy).toEqual({ ready: true, restarts: 2, version: 'v2.359.0', adminPort: 14191 })
  }
  expect(toPod(pod()).proxy).toBeUndefined()
  expect(toPod(pod()).adminPort).toBe(5001)
})

test('a deployment has settled when exactly its replicas are there, new, ready, and none is ending', () => {
  expect(unsettled(deployment(done), [pod()])).toBeUndefined()
  expect(unsettled(deployment(done), [pod({ ready: false })])).toContain('0 of 1 pods ready')
  expect(unsettled(deployment(done), [pod(), pod({ ending: true })])).toContain('2 in all')
  expect(unsettled(deployment({ ...done, observedGeneration: 1 }), [pod()])).toBeDefined()
  expect(unsettled(deployment({ ...done, updatedReplicas: 0 }), [pod()])).toBeDefined()
  expect(unsettled(deployment({ observedGeneration: 2 }, 0), [])).toBeUndefined()
  expect(unsettled(deployment({ observedGeneration: 2 }, 0), [pod({ ending: true })])).toBeDefined()
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
