import { setImmediate } from 'node:timers/promises'
import type { BurstCall } from '@linkerd-scenario/contract'
import { expect, test } from 'vitest'
import { answered, call, refused, reportOf } from '../../testing/fixtures.ts'
import { CLUSTER_PACE } from '../cluster/pace.ts'
import type { TestNamespace, TrafficRequest } from '../cluster/test-namespace.ts'
import { DRAINED, KILLED, TWO_TIERS } from './two-tier-rollout.ts'

const { delayMs } = CLUSTER_PACE.slowRequests
const isSlow = ({ fault }: TrafficRequest) => fault === `delay;ms=${delayMs};at=provider`

/** A namespace whose pods are new after each component, and whose calls are those of `traffic`. */
function scripted(traffic: (request: TrafficRequest, action: () => Promise<void>) => Promise<void>) {
  const done: string[] = []
  const replicas: Record<string, number> = {}
  let template = ''
  const namespace = {
    pace: CLUSTER_PACE,
    clock: { now: () => 0, sleep: () => setImmediate() },
    observe: async (_of: object, steps: () => Promise<object>) => steps(),
    compose: async (component?: { path: string }) => {
      template = component?.path ?? 'base'
    },
    scale: async (workload: string, to: number) => {
      replicas[workload] = to
    },
    pods: async (workload: string) =>
      Array.from({ length: replicas[workload] ?? 0 }, (_, index) => ({ uid: `${template} ${workload} ${index}` })),
    trafficDuring: async (_from: string, request: TrafficRequest, action: () => Promise<void>) => {
      const kind = isSlow(request) ? 'slow' : 'quick'
      await traffic(request, action).finally(() => done.push(`${kind} ended`))
      return reportOf(answered(request.atLeast, { latencyMs: kind === 'slow' ? delayMs : 1 }))
    },
  } as unknown as TestNamespace
  return { namespace, done, replicas, template: () => template }
}

test('all pods of both tiers are replaced, from two to one, under quick and slow calls', async () => {
  const drained = scripted((_request, action) => action())
  expect(await DRAINED.steps(drained.namespace)).toMatchObject({
    bursts: { calls: { total: CLUSTER_PACE.rollout.calls }, slowCalls: { total: CLUSTER_PACE.slowRequests.calls } },
    facts: { enough: true, slow: true, podsKept: 0, podsLeft: 2 },
  })
  // Those of the control are ready.
  expect(drained.template()).toBe('components/instant-kill')
  expect(drained.replicas).toEqual({ 'provider-v1': 2, 'consumer-v1': 2 })
  const killed = scripted((_request, action) => action())
  expect(await KILLED.steps(killed.namespace)).toMatchObject({ facts: { podsKept: 0, podsLeft: 2 } })
  expect(killed.template()).toBe('base')
})

test('when one kind of calls breaks off, nothing of the measurement goes on', async () => {
  const { namespace, done } = scripted(async (request, action) => {
    await action()
    if (!isSlow(request)) throw new Error('the way is lost')
    for (let turn = 0; turn < 10; turn += 1) await setImmediate()
  })
  await expect(DRAINED.steps(namespace)).rejects.toThrow('the way is lost')
  expect(done).toEqual(['quick ended', 'slow ended'])
})

test('late calls of which some are given up show a machine that is short of time; calls that are lost do not', () => {
  const shown = (calls: readonly BurstCall[]) =>
    TWO_TIERS.shortOfTime?.({ bursts: { calls: reportOf(calls) }, proxies: {}, facts: {} })
  const late = answered(20, { latencyMs: 700 })
  const givenUp = call({ status: null, origin: 'consumer', latencyMs: 10_000 })
  expect(shown([...late, givenUp])).toContain('700 ms')
  expect(shown([...answered(20, { latencyMs: 410 }), givenUp])).toBeUndefined()
  expect(shown([...late, givenUp, ...refused(1, 502)])).toBeUndefined()
  expect(shown(late)).toBeUndefined()
  const veryLate = answered(20, { latencyMs: 900 })
  expect(shown([...veryLate, ...refused(1, 502)])).toContain('900 ms')
  expect(shown(veryLate)).toBeUndefined()
})
