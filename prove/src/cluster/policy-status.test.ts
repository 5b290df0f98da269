import { expect, test } from 'vitest'
import { Kubectl, type LongRunning } from './kubectl.ts'
import type { PolicyObject } from './kubernetes-types.ts'
import { CLUSTER_PACE } from './pace.ts'
import { PolicyStatus } from './policy-status.ts'
import { Waits } from './waits.ts'

const limit = (name: string, status?: string): PolicyObject => ({
  apiVersion: 'policy.linkerd.io/v1alpha1',
  kind: 'HTTPLocalRateLimitPolicy',
  metadata: { name, uid: name, generation: 1 },
  ...(status === undefined ? {} : { status: { conditions: [{ type: 'Accepted', status }] } }),
})

/** Watches that show what `at` gives for each moment, ms, on a clock that each sleep moves on. */
function statusOf(at: (nowMs: number) => PolicyObject[]) {
  let nowMs = 0
  const listeners: ((line: string) => void)[] = []
  const show = () => {
    for (const object of at(nowMs))
      for (const listener of listeners) listener(JSON.stringify({ type: 'MODIFIED', object }))
  }
  const clock = {
    now: () => nowMs,
    sleep: async (ms: number) => {
      nowMs += ms
      show()
    },
  }
  const start = (): LongRunning => {
    const { promise: ended, resolve } = Promise.withResolvers<string>()
    return { onLine: (listener) => void listeners.push(listener), ended, stop: () => resolve('') }
  }
  const { signal } = new AbortController()
  const kubectl = new Kubectl({
    launcher: { start, run: () => Promise.reject(new Error('not in this test')) },
    context: undefined,
    clock,
    timeoutMs: 1000,
    signal,
    onCommand: () => undefined,
  })
  const waits = new Waits({ quietMs: 60_000, announce: () => undefined, lastWarning: async () => undefined })
  const policies = new PolicyStatus({ namespace: 'test', kubectl, clock, pace: CLUSTER_PACE, signal, waits })
  return { policies, waits, nowMs: () => nowMs, watches: () => listeners.length }
}

test('it waits until each object is accepted, and one watch serves all that come later', async () => {
  const { policies, waits, nowMs, watches } = statusOf((now) => [
    limit('a', 'True'),
    limit('b', now < 3000 ? 'False' : 'True'),
  ])
  const findings = await policies.accepted([limit('a'), limit('b')])
  expect(findings.map(({ holds }) => holds)).toEqual([true, true])
  expect(nowMs()).toBeGreaterThanOrEqual(3000)
  expect(waits.take()[0]?.what).toMatch(/^the mesh to accept .*a, .*b$/)
  await policies.accepted([limit('a')])
  expect(watches()).toBe(1)
  await policies.close()
})

test('what is not accepted in time is returned as it was seen last', async () => {
  const { policies, nowMs } = statusOf(() => [limit('a', 'True'), limit('b', 'False')])
  const findings = await policies.accepted([limit('a'), limit('b')])
  expect(findings.map(({ holds, seen }) => [holds, seen])).toEqual([
    [true, 'Accepted'],
    [false, 'Accepted is False: '],
  ])
  expect(nowMs()).toBeGreaterThan(CLUSTER_PACE.convergeMs)
  expect(nowMs()).toBeLessThan(CLUSTER_PACE.convergeMs + 2000)
  await policies.close()
})

test('without objects nothing is watched', async () => {
  const { policies, watches } = statusOf(() => [])
  expect(await policies.accepted([])).toEqual([])
  expect(watches()).toBe(0)
})
