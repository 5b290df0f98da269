import { setTimeout as delay } from 'node:timers/promises'

/** Time, replaced in tests. */
export interface Clock {
  /** Milliseconds since some moment. */
  now: () => number
  /** Rejects with the signal's reason once it is aborted. */
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

/** The times that a run waits, in milliseconds. They pace the run, and have no part in a verdict. */
export interface Pace {
  /** Between two looks at something that is to change. */
  pollMs: number
  /** Longest wait for a policy to take effect, or for the mesh to forget it. */
  convergeMs: number
  /** How long it may wait for something without saying so. */
  quietMs: number
  /** How long pods may be refused, or fit on no node, before they are given up. */
  hopelessMs: number
  /** Longest wait for pods: image pulls and scheduling included. */
  rolloutMs: number
  /** A proxy counts a request when its answer's body ends: how long its counters must stand still to be read. */
  countersMs: number
  /** Longest time for one command. */
  commandMs: number
  /** Longest wait for a breaker to try a pod again: its penalties double from 10 s, and half of one is added by chance. */
  penaltyMs: number
  /** How long calls are made against a rate limit. */
  rateLimitS: number
  /** Traffic while pods are replaced: as much as shows one loss in so many calls. */
  rollout: { ratePerS: number; calls: number }
  /**
   * Traffic of slow calls while pods are replaced: each takes `delayMs`, longer than DRAIN_DELAY_MS and, with it, shorter
   * than a grace period. Each burst starts calls for `burstS`.
   */
  slowRequests: { delayMs: number; ratePerS: number; burstS: number; calls: number }
}

/** For a cluster with its images at hand; `--timeout` replaces convergeMs and rolloutMs. */
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
  rollout: { ratePerS: 100, calls: 2000 },
  slowRequests: { delayMs: 6000, ratePerS: 8, burstS: 6, calls: 48 },
}
