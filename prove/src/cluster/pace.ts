import { setTimeout as delay } from 'node:timers/promises'

/** Time, replaced in tests. */
export interface Clock {
  /** Milliseconds since an arbitrary moment. */
  now: () => number
  /** Rejects with the signal's reason when it is aborted. */
  sleep: (ms: number, signal: AbortSignal) => Promise<void>
}

export const systemClock: Clock = {
  now: () => performance.now(),
  sleep: async (ms, signal) => {
    signal.throwIfAborted()
    try {
      await delay(ms, undefined, { signal })
    } catch (error) {
      signal.throwIfAborted()
      throw error
    }
  },
}

/** How long a run waits, in milliseconds. These times pace the run and do not affect a verdict. */
export interface Pace {
  /** Interval between two checks for a change. */
  pollMs: number
  /** Longest wait for a policy to take effect, or to stop having one. */
  convergeMs: number
  /** A wait that takes longer than this is announced. */
  quietMs: number
  /** How long pods may be refused, or find no node, before the run gives up on them. */
  hopelessMs: number
  /** Longest wait for pods, including image pulls and scheduling. */
  rolloutMs: number
  /**
   * How long a proxy's counters must stay unchanged before they are read: a request is counted when its response body
   * ends.
   */
  countersMs: number
  /** Time limit for one command. */
  commandMs: number
  /**
   * Longest wait for a breaker to try a pod again: its penalties double from 10 s, plus up to half of one at random.
   */
  penaltyMs: number
  /** Duration of the calls against a rate limit. */
  rateLimitS: number
  /**
   * Traffic while pods are replaced: with a drain enough calls to show one loss in that many, without it fewer, because
   * each pod that is killed has many in flight: the rate times `delayMs`.
   */
  rollout: { ratePerS: number; delayMs: number; calls: number; controlCalls: number }
  /**
   * Slow calls at the same time. Each takes `delayMs`: longer than DRAIN_DELAY_MS, and together with it shorter than a
   * grace period. Each burst starts calls for `burstS`. The first pod is told to end after `leadMs`, so that for certain
   * each has calls in flight.
   */
  slowRequests: { delayMs: number; ratePerS: number; burstS: number; leadMs: number; calls: number }
}

/** For a cluster that has the images already; `--timeout` replaces convergeMs and rolloutMs. */
export const CLUSTER_PACE: Pace = {
  pollMs: 300,
  quietMs: 5000,
  hopelessMs: 10_000,
  convergeMs: 60_000,
  rolloutMs: 120_000,
  countersMs: 500,
  commandMs: 30_000,
  penaltyMs: 90_000,
  rateLimitS: 4,
  rollout: { ratePerS: 100, delayMs: 400, calls: 2000, controlCalls: 500 },
  slowRequests: { delayMs: 6000, ratePerS: 4, burstS: 2, leadMs: 2000, calls: 48 },
}
