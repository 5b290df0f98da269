import { expect, test } from 'vitest'
import type { Sample } from '../expectations/observation.ts'
import { ShedCounts } from './shed-counts.ts'
import type { Pod } from './test-namespace.ts'

const pod = (uid: string): Pod => ({
  name: `provider-v1-${uid}`,
  uid,
  ready: true,
  adminPort: 5001,
  proxy: undefined,
  mesh: undefined,
  images: [],
})
const shed = (value: number, reason: string): Sample => ({
  name: 'http_server_requests_shed_total',
  labels: { reason },
  value,
})

test('all reasons count, since the last time, and a new pod from zero', async () => {
  const counters: Record<string, Sample[]> = { 'provider-v1-a': [shed(2, 'eventLoopDelay'), shed(1, 'heap')] }
  const counts = new ShedCounts(async (name) => counters[name])
  expect(await counts.take([pod('a')])).toBe(3)
  expect(await counts.take([pod('a')])).toBe(0)
  counters['provider-v1-a'] = [shed(7, 'eventLoopDelay'), shed(1, 'heap')]
  counters['provider-v1-b'] = [shed(4, 'heap')]
  expect(await counts.take([pod('a'), pod('b')])).toBe(5 + 4)
})

test('a service whose container restarted in the same pod counts from zero again', async () => {
  let value = 5
  const counts = new ShedCounts(async () => [shed(value, 'heap')])
  expect(await counts.take([pod('a')])).toBe(5)
  value = 2
  expect(await counts.take([pod('a')])).toBe(2)
  expect(await counts.take([pod('a')])).toBe(0)
})

test('a service that does not answer is an error, not a pod that shed nothing', async () => {
  const counts = new ShedCounts(async () => undefined)
  await expect(counts.take([pod('a')])).rejects.toThrow('provider-v1-a does not answer')
})
