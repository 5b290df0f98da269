import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises'
import type { BurstQuery } from '@linkerd-scenario/contract'
import { newRequestId } from '@linkerd-scenario/service-kit'

export interface ScheduledCall {
  /** New for each call, so that a second attempt is a retry of the mesh. */
  requestId: string
  /** Milliseconds since the start of the burst. */
  startMs: number
  /** How long after its schedule the call started, ms; 0 without a rate. */
  lateMs: number
}

/**
 * Makes `n` calls, `concurrency` of them at once. With a rate, each call has a scheduled time, and a late start
 * counts in its latency: otherwise a slow answer would hide the delay of the calls behind it (coordinated omission).
 * Ends early when `isStopped` returns true. Returns the duration in milliseconds.
 */
export async function runBurst(
  { n, concurrency, rate }: Pick<BurstQuery, 'n' | 'concurrency' | 'rate'>,
  call: (scheduled: ScheduledCall) => Promise<void>,
  isStopped: () => boolean,
): Promise<number> {
  const burstId = newRequestId()
  const startedAt = performance.now()
  let next = 0

  async function work(): Promise<void> {
    while (next < n && !isStopped()) {
      const index = next
      next += 1
      const scheduledMs = rate === undefined ? undefined : (index * 1000) / rate
      if (scheduledMs !== undefined) await waitUntil(startedAt + scheduledMs, isStopped)
      if (isStopped()) return
      const startMs = performance.now() - startedAt
      const lateMs = scheduledMs === undefined ? 0 : Math.max(0, startMs - scheduledMs)
      await call({ requestId: `${burstId}.${index}`, startMs, lateMs })
      // The connection is free again a turn later. Without this wait, a burst of one call at a time would alternate between
      // two connections, and without a proxy between two pods.
      await nextTurn()
    }
  }

  await Promise.all(Array.from({ length: Math.min(concurrency, n) }, work))
  return performance.now() - startedAt
}

/** Longest sleep between two checks of `isStopped`. */
const NAP_MS = 200

async function waitUntil(time: number, isStopped: () => boolean): Promise<void> {
  for (let left = time - performance.now(); left > 0 && !isStopped(); left = time - performance.now()) {
    await sleep(Math.min(left, NAP_MS))
  }
}
