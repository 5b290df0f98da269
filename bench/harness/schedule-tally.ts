import { createHistogram, type RecordableHistogram } from 'node:perf_hooks'
import { monotonicMs } from './pace.ts'
import type { ScheduleResult } from './schedule.ts'

/** One call, with times on the clock of `monotonicMs`. */
export interface Call {
  /** False during the warm-up. */
  counts: boolean
  dueAt: number
  /** When a connection took it. */
  sentAt: number
}

/** Counts and times the calls of a schedule. */
export class ScheduleTally {
  readonly #byStatus: Record<string, number> = {}
  readonly #latency = new Map<string, RecordableHistogram>()
  readonly #answer = new Map<string, RecordableHistogram>()
  readonly #late = createHistogram()
  readonly #end = Promise.withResolvers<void>()
  #wrong = 0
  #open: number

  /** `calls`: how many will be made, the warm-up included. */
  constructor(calls: number) {
    this.#open = calls
  }

  /** Resolves when every call has ended. */
  get allEnded(): Promise<void> {
    return this.#end.promise
  }

  started(call: Call): void {
    if (call.counts) record(this.#late, monotonicMs() - call.dueAt)
  }

  /** `status` is `none` without an answer. */
  ended(call: Call, status: string, isRight = true): void {
    if (!isRight) this.#wrong += 1
    if (call.counts) {
      this.#byStatus[status] = (this.#byStatus[status] ?? 0) + 1
      const now = monotonicMs()
      record(histogramOf(this.#latency, status), now - call.dueAt)
      record(histogramOf(this.#answer, status), now - call.sentAt)
    }
    this.#open -= 1
    if (this.#open === 0) this.#end.resolve()
  }

  result(calls: number, seconds: number): ScheduleResult {
    const { none: _none, ...answered } = this.#byStatus
    const none = calls - Object.values(answered).reduce((sum, count) => sum + count, 0)
    return {
      calls,
      seconds,
      byStatus: { ...answered, none },
      wrong: this.#wrong,
      latencyMs: percentilesOf(this.#latency),
      answerMs: percentilesOf(this.#answer),
      lateMs: this.#late.percentile(99) / 1e6,
    }
  }
}

function histogramOf(histograms: Map<string, RecordableHistogram>, status: string): RecordableHistogram {
  const histogram = histograms.get(status) ?? createHistogram()
  histograms.set(status, histogram)
  return histogram
}

function record(histogram: RecordableHistogram, ms: number): void {
  histogram.record(Math.max(1, Math.round(ms * 1e6)))
}

function percentilesOf(histograms: Map<string, RecordableHistogram>): ScheduleResult['latencyMs'] {
  return Object.fromEntries(
    [...histograms].map(([status, histogram]) => [
      status,
      { p50: histogram.percentile(50) / 1e6, p99: histogram.percentile(99) / 1e6, max: histogram.max / 1e6 },
    ]),
  )
}
