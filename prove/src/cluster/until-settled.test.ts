import { expect, test } from 'vitest'
import { scriptedKubectl } from '../../testing/scripted-kubectl.ts'
import type { DeploymentObject, PodObject } from './kubernetes-types.ts'
import { NamespaceEvents } from './namespace-events.ts'
import { CLUSTER_PACE } from './pace.ts'
import { type Settling, untilSettled } from './until-settled.ts'

const labels = { app: 'provider' }
const DEPLOYMENT: DeploymentObject = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'provider-v1', labels },
  spec: {
    replicas: 1,
    selector: { matchLabels: labels },
    template: { metadata: { name: '' }, spec: { containers: [] } },
  },
}
const UNSCHEDULABLE: PodObject = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'provider-v1-a', labels },
  spec: { containers: [] },
  status: { conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: 'no room' }] },
}

/** Waits for what `waitingFor` says at each moment, ms. Returns how it ended, when, and how often a list was compared. */
async function settled(
  waitingFor: (nowMs: number) => string | undefined,
  {
    objects = [DEPLOYMENT],
    events = [] as object[],
  }: { objects?: (DeploymentObject | PodObject)[]; events?: object[] } = {},
) {
  let nowMs = 0
  let confirmed = 0
  const clock = {
    now: () => nowMs,
    sleep: async (ms: number) => {
      nowMs += ms
    },
  }
  const { kubectl } = scriptedKubectl(() => ({ stdout: JSON.stringify({ items: events }) }))
  const { signal } = new AbortController()
  const settling: Settling = {
    namespace: 'test',
    kubectl,
    clock,
    pace: CLUSTER_PACE,
    events: new NamespaceEvents({ kubectl, namespace: 'test', clock, pace: CLUSTER_PACE, signal }),
    look: async () => objects,
    waitingFor: () => waitingFor(nowMs),
    confirm: async () => {
      confirmed += 1
    },
    changed: clock.sleep,
  }
  const reasons = new Set<string>()
  const end = await untilSettled(['provider-v1'], settling, (reason) => reasons.add(reason)).then(
    () => 'settled',
    (error: Error) => error.message,
  )
  await settling.events.close()
  return { end, seconds: nowMs / 1000, confirmed, reasons: [...reasons] }
}

test('it ends when nothing is missing, and tells meanwhile what is', async () => {
  const { end, seconds, reasons } = await settled((now) =>
    now < 2000 ? 'provider-v1 has 0 of 1 pods ready' : now < 5000 ? 'an old pod is left' : undefined,
  )
  expect({ end, reasons }).toEqual({
    end: 'settled',
    reasons: ['provider-v1 has 0 of 1 pods ready', 'an old pod is left'],
  })
  expect(seconds).toBeCloseTo(5, 0)
})

test('the watches are compared with a list about each ten seconds, and not in a short wait', async () => {
  expect(await settled((now) => (now < 9000 ? 'a pod' : undefined))).toMatchObject({ confirmed: 0 })
  expect(await settled((now) => (now < 35_000 ? 'a pod' : undefined))).toMatchObject({ confirmed: 3 })
})

test('what takes too long is an error, with what is missing and the last warning', async () => {
  const warning = { type: 'Warning', reason: 'FailedMount', message: 'no volume', metadata: { name: 'a' } }
  const { end, seconds } = await settled(() => 'a pod is missing', { events: [warning] })
  expect(end).toBe('After 120 s a pod is missing. The last warning of the namespace: FailedMount: no volume')
  expect(seconds).toBeLessThan(122)
})

test('what cannot end well is given up early', async () => {
  const { end, seconds } = await settled(() => 'a pod is missing', { objects: [DEPLOYMENT, UNSCHEDULABLE] })
  expect(end).toContain('no room')
  expect(seconds).toBeLessThan(15)
})
