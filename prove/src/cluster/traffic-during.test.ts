import { expect, test } from 'vitest'
import { answered, reportOf } from '../../testing/fixtures.ts'
import type { BurstRequest } from './test-namespace.ts'
import { trafficDuring } from './traffic-during.ts'

/** A clock that jumps to the next moment that somebody sleeps until, and bursts that take their time on it. */
function scripted(answerMs: number) {
  let nowMs = 0
  const sleeping: { atMs: number; wake: () => void }[] = []
  const sleep = (ms: number) =>
    new Promise<void>((wake) => {
      sleeping.push({ atMs: nowMs + ms, wake })
    })
  const advance = async (toMs: number) => {
    for (;;) {
      await new Promise(setImmediate)
      const next = sleeping.toSorted((a, b) => a.atMs - b.atMs)[0]
      if (next === undefined || next.atMs > toMs) return
      sleeping.splice(sleeping.indexOf(next), 1)
      nowMs = Math.max(nowMs, next.atMs)
      next.wake()
    }
  }
  const sentAt: number[] = []
  const burst = async ({ n, rate = 1 }: BurstRequest) => {
    sentAt.push(nowMs)
    await sleep((n * 1000) / rate + answerMs)
    return reportOf(answered(n))
  }
  const options = { burst, clock: { now: () => nowMs, sleep }, signal: new AbortController().signal }
  return { options, sleep, advance, sentAt }
}

test('bursts follow each other while something goes on, and until there are enough calls', async () => {
  const { options, sleep, advance, sentAt } = scripted(0)
  const traffic = trafficDuring({ rate: 10, atLeast: 25 }, () => sleep(1500), options)
  await advance(10_000)
  expect((await traffic).total).toBe(30)
  expect(sentAt).toEqual([0, 1000, 2000])
})

test('where answers take long, several bursts are under way, and the rate is constant', async () => {
  const { options, sleep, advance, sentAt } = scripted(6000)
  const traffic = trafficDuring({ rate: 8, burstS: 2, burstsAtOnce: 4, atLeast: 1 }, () => sleep(11_000), options)
  await advance(60_000)
  expect((await traffic).total).toBe(6 * 16)
  expect(sentAt).toEqual([0, 2000, 4000, 6000, 8000, 10_000])
})

test('a burst that breaks off ends the others, and none is under way when that is reported', async () => {
  const { options, sleep, advance, sentAt } = scripted(6000)
  let underWay = 0
  const burst = async (request: BurstRequest) => {
    underWay += 1
    const report = options.burst(request)
    const isThird = sentAt.length === 3
    await report
    underWay -= 1
    if (isThird) throw new Error('the way is lost')
    return report
  }
  const request = { rate: 8, burstS: 2, burstsAtOnce: 4, atLeast: 160 }
  const seen = trafficDuring(request, () => sleep(3000), { ...options, burst }).catch((error: Error) => ({
    message: error.message,
    underWay,
    sent: sentAt.length,
  }))
  await advance(120_000)
  expect(await seen).toEqual({ message: 'the way is lost', underWay: 0, sent: sentAt.length })
})

test('what goes on has ended before traffic that broke off is reported', async () => {
  const { options, sleep, advance } = scripted(0)
  let hasEnded = false
  const action = async () => {
    await sleep(5000)
    hasEnded = true
  }
  const broken = { ...options, burst: () => Promise.reject(new Error('the way is lost')) }
  const traffic = trafficDuring({ rate: 1, atLeast: 1 }, action, broken)
  const seen = expect(traffic).rejects.toThrow('the way is lost')
  await advance(10_000)
  await seen
  expect(hasEnded).toBe(true)
})
