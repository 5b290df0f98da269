import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { runBurst, type ScheduledCall } from './run-burst.ts'

const never = () => false

test('makes as many calls as it was asked, and never more at once than its concurrency', async () => {
  let underWay = 0
  let most = 0
  const ids = new Set<string>()
  await runBurst(
    { n: 25, concurrency: 4 },
    async ({ requestId }) => {
      ids.add(requestId)
      underWay += 1
      most = Math.max(most, underWay)
      await sleep(1)
      underWay -= 1
    },
    never,
  )
  expect({ calls: ids.size, most }).toEqual({ calls: 25, most: 4 })
})

test('a slow answer makes the calls behind it late, and how late counts into their latency', async () => {
  const calls: ScheduledCall[] = []
  await runBurst(
    { n: 5, concurrency: 1, rate: 100 },
    async (scheduled) => {
      calls.push(scheduled)
      if (calls.length === 1) await sleep(200)
    },
    never,
  )
  // Due at 0, 10, 20, 30, 40 ms; the four behind the first start after 200 ms.
  for (const [index, { startMs, lateMs }] of calls.entries()) {
    expect(lateMs).toBeCloseTo(startMs - index * 10, 6)
    if (index > 0) expect(lateMs).toBeGreaterThanOrEqual(195 - index * 10)
  }
})

test('without a rate no call is late', async () => {
  const late: number[] = []
  await runBurst({ n: 3, concurrency: 1 }, async ({ lateMs }) => void late.push(lateMs), never)
  expect(late).toEqual([0, 0, 0])
})

test('ends when it is stopped, also while it waits for its schedule', async () => {
  let calls = 0
  let stopped = false
  const call = async () => {
    calls += 1
    stopped = true
  }
  await runBurst({ n: 100, concurrency: 10, rate: 0.01 }, call, () => stopped)
  expect(calls).toBe(1)
})

test('fails as its call fails', async () => {
  const call = () => Promise.reject(new Error('defect'))
  await expect(runBurst({ n: 3, concurrency: 2 }, call, never)).rejects.toThrow('defect')
})
