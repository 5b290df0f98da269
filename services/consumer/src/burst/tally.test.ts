import type { Hop } from '@linkerd-scenario/contract'
import { ReceivedMessage } from '@linkerd-scenario/service-kit'
import { expect, test } from 'vitest'
import { consumerErrors } from '../errors.ts'
import type { Outcome } from '../upstream/outcome.ts'
import { Tally } from './tally.ts'

const hop: Hop = { service: 'provider', version: 'v1', pod: 'a', caller: null, attempt: 1, status: 200, durationMs: 1 }
const call = { requestId: 'x', startMs: 0 }

function answered(durationMs: number, hops: Hop[]): Outcome {
  const message = ReceivedMessage.read(JSON.stringify({ message: '', hops }))
  if (message === undefined) throw new Error('these hops make no message')
  return { status: 200, durationMs, message }
}

test('latencies are counted to three figures, and the largest are kept within an hour', () => {
  const tally = new Tally(false)
  for (let ms = 1; ms <= 1000; ms += 1) tally.add({ ...call, latencyMs: ms, outcome: answered(ms, [hop]) })
  const { latencyMs } = tally.report(1000)
  for (const [name, exact] of Object.entries({
    min: 1,
    mean: 500.5,
    p50: 500,
    p90: 900,
    p95: 950,
    p99: 990,
    max: 1000,
  })) {
    const seen = latencyMs[name as keyof typeof latencyMs]
    expect(Math.abs(seen - exact) / exact, `${name} is ${seen}`).toBeLessThan(0.002)
  }
  tally.add({ ...call, latencyMs: 1e9, outcome: answered(1e9, []) })
  tally.add({ ...call, latencyMs: 0, outcome: answered(0, []) })
  const extremes = tally.report(1000).latencyMs
  expect(Math.abs(extremes.max - 3_600_000)).toBeLessThan(10_000)
  expect(extremes.min).toBe(0.001)
})

test('a call counts by the last service that added a hop, and under "none" where it has no status or no caller', () => {
  const tally = new Tally(true)
  const first = { ...hop, service: 'gateway', version: 'v9' }
  tally.add({
    ...call,
    latencyMs: 1,
    outcome: answered(1, [first, { ...hop, caller: 'me', attempt: 2 }]),
  })
  const error = consumerErrors.UPSTREAM_BROKEN()
  tally.add({
    ...call,
    latencyMs: 1,
    outcome: { status: undefined, durationMs: 1, error, origin: 'network' },
  })
  const { calls, ...report } = tally.report(5)
  expect(report).toMatchObject({
    total: 2,
    byStatus: { 200: 1, none: 1 },
    byOrigin: { network: 1 },
    byVersion: { v1: 1 },
    byCaller: { me: 1 },
    byAttempt: { 2: 1 },
    durationMs: 5,
  })
  expect(calls).toMatchObject([
    { status: 200, caller: 'me', attempt: 2 },
    { status: null, error: 'UPSTREAM_BROKEN' },
  ])
})

test('names of versions and pods cannot reach the prototype of the totals', () => {
  const tally = new Tally(false)
  tally.add({
    ...call,
    latencyMs: 1,
    outcome: answered(1, [{ ...hop, version: '__proto__' }]),
  })
  expect(Object.entries(tally.report(1).byVersion)).toEqual([['__proto__', 1]])
})
