import type { BurstReport } from '@linkerd-scenario/contract'
import { mergeReports, type SentBurst } from './merge-bursts.ts'
import type { Clock } from './pace.ts'
import type { BurstRequest, TrafficRequest } from './test-namespace.ts'

export interface DuringOptions {
  burst: (request: BurstRequest) => Promise<BurstReport>
  clock: Clock
  signal: AbortSignal
}

/**
 * Sends bursts while `action` runs, and until enough calls were made; returns one report of all. Rejects with the error of
 * the action or of a burst, once the action has ended and no burst is under way.
 */
export async function trafficDuring(
  { rate, atLeast, burstS = 1, burstsAtOnce = 1, ...request }: TrafficRequest,
  action: () => Promise<void>,
  { burst, clock, signal }: DuringOptions,
): Promise<BurstReport> {
  const n = Math.ceil(rate * burstS)
  const sent: SentBurst[] = []
  const beganAtMs = clock.now()
  let isOver = false
  let asked = 0
  const acting = action().finally(() => {
    isOver = true
  })
  acting.catch(() => undefined)
  const until = (ms: number) => clock.sleep(Math.max(0, ms - clock.now()), signal)
  let isBroken = false
  const isDone = () => isBroken || (isOver && asked >= atLeast)
  /**
   * One of several series of bursts. Each sends every `burstS * burstsAtOnce` seconds, and they start `burstS` apart:
   * together they keep the rate.
   */
  const series = async (index: number) => {
    for (let dueMs = beganAtMs + index * burstS * 1000; !isDone(); dueMs += burstsAtOnce * burstS * 1000) {
      await until(dueMs)
      if (isDone()) return
      asked += n
      const sentAtMs = clock.now()
      sent.push({ sentAtMs, report: await burst({ ...request, rate, n }) })
    }
  }
  const breakingOff = (error: unknown) => {
    isBroken = true
    throw error
  }
  const all = [acting, ...Array.from({ length: burstsAtOnce }, (_, index) => series(index).catch(breakingOff))]
  // Also when something broke off: what still goes on would disturb an observation that is repeated.
  await Promise.allSettled(all)
  await Promise.all(all)
  return mergeReports(sent.toSorted((a, b) => a.sentAtMs - b.sentAtMs))
}
