import { expect, test } from 'vitest'
import { scriptedKubectl } from '../../testing/scripted-kubectl.ts'
import type { DeploymentObject, KubeObject, PodObject } from './kubernetes-types.ts'
import { CLUSTER_PACE, systemClock } from './pace.ts'
import { Waits } from './waits.ts'
import { Workloads } from './workloads.ts'

const labels = { app: 'provider', version: 'v1' }
const deployment: DeploymentObject = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'provider-v1', labels },
  spec: {
    replicas: 1,
    selector: { matchLabels: labels },
    template: { metadata: { name: '' }, spec: { containers: [] } },
  },
  status: { observedGeneration: 1, replicas: 1, updatedReplicas: 1 },
}
const unschedulable = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'provider-v1-a', labels },
  spec: { containers: [] },
  status: {
    conditions: [
      { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: '0/1 nodes are available' },
    ],
  },
} satisfies PodObject
const refused = (message: string): DeploymentObject => ({
  ...deployment,
  status: { ...deployment.status, conditions: [{ type: 'ReplicaFailure', status: 'True', message }] },
})

const listOf = (items: readonly object[]) => ({ stdout: JSON.stringify({ items }) })

/** Waits for a pod that never appears, on a fast clock. Returns the error and how long it waited, s. */
async function given(objects: readonly KubeObject[], { events = [] as object[], namespace = {} as object } = {}) {
  let nowMs = 0
  const clock = {
    now: () => nowMs,
    sleep: async (ms: number) => {
      nowMs += ms
    },
  }
  const { kubectl } = scriptedKubectl((line) => {
    if (line.startsWith('get deployments')) return listOf(objects.filter(({ kind }) => kind === 'Deployment'))
    if (line.startsWith('get pods')) return listOf(objects.filter(({ kind }) => kind === 'Pod'))
    if (line.startsWith('get events')) return listOf(events)
    if (line.startsWith('get namespace')) return { stdout: JSON.stringify({ metadata: namespace }) }
    return { code: 1, stderr: `unexpected ${line}` }
  })
  const waits = new Waits({ quietMs: 60_000, announce: () => undefined, lastWarning: async () => undefined })
  const { signal } = new AbortController()
  const workloads = new Workloads({ kubectl, namespace: 'test', clock, pace: CLUSTER_PACE, signal, waits })
  workloads.register([deployment])
  const error = await workloads.settled(['provider-v1']).then(
    () => new Error('it settled'),
    (reason: Error) => reason,
  )
  return { message: error.message, waitedS: nowMs / 1000 }
}

test.each([
  ['a pod that fits on no node', [deployment, unschedulable], /0\/1 nodes are available.*kubectl get nodes/],
  ['a quota', [refused('pods "a" is forbidden: exceeded quota: small')], /exceeded quota: small/],
  ['a webhook', [refused('admission webhook "guard.example" denied the request: no')], /guard\.example.*denied/],
])('%s is given up after some seconds, with the cluster’s words', async (_name, objects, words) => {
  const { message, waitedS } = await given(objects)
  expect(message).toMatch(words)
  expect(waitedS).toBeGreaterThanOrEqual(CLUSTER_PACE.hopelessMs / 1000)
  expect(waitedS).toBeLessThan(15)
})

test('a namespace that somebody deletes is given up at once', async () => {
  const { message, waitedS } = await given([], { namespace: { deletionTimestamp: 'now' } })
  expect(message).toMatch(/being terminated/)
  expect(waitedS).toBe(0)
})

test('with an autoscaler’s answer it waits on, to the end, and repeats the last warning', async () => {
  const events = [
    { type: 'Normal', reason: 'TriggeredScaleUp', metadata: { name: 'a', creationTimestamp: '2026-01-01T00:00:00Z' } },
    {
      type: 'Warning',
      reason: 'FailedScheduling',
      message: 'no room',
      metadata: { name: 'b', creationTimestamp: '2026-01-01T00:00:01Z' },
    },
  ]
  const { message, waitedS } = await given([deployment, unschedulable], { events })
  expect(message).toContain('After 120 s provider-v1 has 0 of 1 pods ready')
  expect(message).toContain('The last warning of the namespace: FailedScheduling: no room')
  expect(waitedS).toBeGreaterThan(119)
})

test('looking for the last warning is not itself a wait', async () => {
  const { signal } = new AbortController()
  const waits = new Waits({ quietMs: 60_000, announce: () => undefined, lastWarning: async () => undefined })
  const kubectl = scriptedKubectl(() => listOf([])).kubectl.with({ waits })
  const access = { kubectl, namespace: 'test', clock: systemClock, pace: CLUSTER_PACE, signal, waits }
  const workloads = new Workloads(access)
  expect(await workloads.lastWarning()).toBeUndefined()
  expect(waits.take()).toEqual([])
  await workloads.close()
})
