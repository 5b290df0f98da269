import { LIVE_LATENCY_BOUNDS_MS, LIVE_LIMITS, type LiveCounts } from '@linkerd-scenario/contract'
import type { CallResult } from './call-result.ts'

/** Counts calls exactly, in constant memory. */
export class Counts {
  started = 0
  shed = 0
  late = 0
  #ended = 0
  #failed = 0
  readonly #byStatus = new Map<string, number>()
  readonly #byOrigin = new Map<string, number>()
  readonly #byFailure = new Map<string, number>()
  readonly #byVersion = new Map<string, number>()
  readonly #byPod = new Map<string, number>()
  readonly #byCaller = new Map<string, number>()
  readonly #byAttempt = new Map<string, number>()
  readonly #latency = new Array<number>(LIVE_LATENCY_BOUNDS_MS.length + 1).fill(0)
  #latencySumMs = 0
  #latencyMaxMs = 0

  add({ status, latencyMs, problem, hops }: CallResult): void {
    this.#ended += 1
    count(this.#byStatus, status ?? 'none')
    if (problem !== undefined) {
      this.#failed += 1
      count(this.#byOrigin, problem.origin)
      count(this.#byFailure, failureName(status, problem))
    }
    const provider = hops.at(-1)
    if (provider !== undefined) {
      count(this.#byVersion, provider.version)
      count(this.#byPod, provider.pod)
      count(this.#byCaller, provider.caller ?? 'none')
      count(this.#byAttempt, provider.attempt)
    }
    const bucket = bucketOf(latencyMs)
    this.#latency[bucket] = (this.#latency[bucket] ?? 0) + 1
    this.#latencySumMs += latencyMs
    this.#latencyMaxMs = Math.max(this.#latencyMaxMs, latencyMs)
  }

  snapshot(): LiveCounts {
    return {
      started: this.started,
      ended: this.#ended,
      failed: this.#failed,
      shed: this.shed,
      late: this.late,
      byStatus: Object.fromEntries(this.#byStatus),
      byOrigin: Object.fromEntries(this.#byOrigin),
      byFailure: Object.fromEntries(this.#byFailure),
      byVersion: Object.fromEntries(this.#byVersion),
      byPod: Object.fromEntries(this.#byPod),
      byCaller: Object.fromEntries(this.#byCaller),
      byAttempt: Object.fromEntries(this.#byAttempt),
      latency: [...this.#latency],
      latencySumMs: roundMs(this.#latencySumMs),
      latencyMaxMs: roundMs(this.#latencyMaxMs),
    }
  }
}

/** Milliseconds to three places. */
export function roundMs(ms: number): number {
  return Math.round(ms * 1000) / 1000
}

// The names come from the provider: their number is bounded, whatever it answers.
function count(counts: Map<string, number>, name: string | number): void {
  const key = counts.size < LIVE_LIMITS.names || counts.has(String(name)) ? String(name) : 'other'
  counts.set(key, (counts.get(key) ?? 0) + 1)
}

function failureName(status: number | null, { origin, proxy }: { origin: string; proxy?: string }): string {
  return [status ?? 'none', origin, ...(proxy === undefined ? [] : [proxy])].join(' ')
}

function bucketOf(latencyMs: number): number {
  const index = LIVE_LATENCY_BOUNDS_MS.findIndex((bound) => latencyMs <= bound)
  return index === -1 ? LIVE_LATENCY_BOUNDS_MS.length : index
}
