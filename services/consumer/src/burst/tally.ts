import { createHistogram } from 'node:perf_hooks'
import type { BurstCall, BurstReport } from '@linkerd-scenario/contract'
import { hopsOf, type Outcome } from '../upstream/outcome.ts'

export interface FinishedCall {
  requestId: string
  startMs: number
  latencyMs: number
  outcome: Outcome
}

const HOUR_US = 3_600_000_000

/** Counts the calls of a burst. Memory does not grow with the calls, except for the records of `detail`. */
export class Tally {
  readonly #latencyUs = createHistogram({ lowest: 1, highest: HOUR_US, figures: 3 })
  readonly #counts = {
    byStatus: new Map<string, number>(),
    byOrigin: new Map<string, number>(),
    byVersion: new Map<string, number>(),
    byPod: new Map<string, number>(),
    byCaller: new Map<string, number>(),
    byAttempt: new Map<string, number>(),
  }
  readonly #calls: BurstCall[] | undefined
  #total = 0

  constructor(detail: boolean) {
    this.#calls = detail ? [] : undefined
  }

  add(call: FinishedCall): void {
    const { status, origin } = call.outcome
    this.#total += 1
    this.#latencyUs.record(Math.min(HOUR_US, Math.max(1, Math.round(call.latencyMs * 1000))))
    count(this.#counts.byStatus, status ?? 'none')
    if (origin !== undefined) count(this.#counts.byOrigin, origin)
    const provider = hopsOf(call.outcome).at(-1)
    if (provider !== undefined) {
      count(this.#counts.byVersion, provider.version)
      count(this.#counts.byPod, provider.pod)
      count(this.#counts.byCaller, provider.caller ?? 'none')
      count(this.#counts.byAttempt, provider.attempt)
    }
    this.#calls?.push(record(call))
  }

  report(durationMs: number): BurstReport {
    const percentile = (p: number) => toMs(this.#latencyUs.percentile(p))
    return {
      total: this.#total,
      byStatus: Object.fromEntries(this.#counts.byStatus),
      byOrigin: Object.fromEntries(this.#counts.byOrigin),
      byVersion: Object.fromEntries(this.#counts.byVersion),
      byPod: Object.fromEntries(this.#counts.byPod),
      byCaller: Object.fromEntries(this.#counts.byCaller),
      byAttempt: Object.fromEntries(this.#counts.byAttempt),
      latencyMs: {
        min: toMs(this.#latencyUs.min),
        mean: toMs(this.#latencyUs.mean),
        p50: percentile(50),
        p90: percentile(90),
        p95: percentile(95),
        p99: percentile(99),
        max: toMs(this.#latencyUs.max),
      },
      durationMs: toMs(durationMs * 1000),
      ...(this.#calls ? { calls: this.#calls } : {}),
    }
  }
}

function count(counts: Map<string, number>, key: string | number): void {
  counts.set(String(key), (counts.get(String(key)) ?? 0) + 1)
}

function toMs(microseconds: number): number {
  return Math.round(microseconds) / 1000
}

function record({ requestId, startMs, latencyMs, outcome }: FinishedCall): BurstCall {
  const { status = null, error, origin } = outcome
  const retryAfter = error?.options.headers?.['retry-after']
  const provider = hopsOf(outcome).at(-1)
  return {
    requestId,
    startMs: toMs(startMs * 1000),
    latencyMs: toMs(latencyMs * 1000),
    status,
    ...(error === undefined ? {} : { error: error.code }),
    ...(origin === undefined ? {} : { origin }),
    ...(error?.options.proxyError === undefined ? {} : { proxyError: error.options.proxyError }),
    ...(retryAfter === undefined ? {} : { retryAfter }),
    ...(provider === undefined
      ? {}
      : { version: provider.version, pod: provider.pod, caller: provider.caller, attempt: provider.attempt }),
  }
}
