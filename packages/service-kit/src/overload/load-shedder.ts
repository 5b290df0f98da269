/** How often the load is measured. */
export const SAMPLE_INTERVAL_MS = 250
/** Above this utilization, half of the delay limit counts. Full utilization alone is not overload. */
const MAX_UTILIZATION = 0.98
const DELAY_RATIO_AT_FULL_USE = 0.5
/** Late samples in a row that count as overload. One long turn, for instance a throttled CPU, can show in two. */
const LATE_SAMPLES = 3
/** While shedding, an event-loop turn accepts requests for this long, then refuses the rest. */
const ADMIT_WITHIN_TURN_MS = 25
/** Limit on requests in flight while shedding: as many as were answered in this time. */
const WAITING_BUDGET_MS = 100
/** If a late loop serves no more than this in a sample, it is busy with other work, and every request is shed. */
const HARDLY_ANY = 2
/** Shedding goes on for this long after the last request was shed. */
const SHEDDING_LASTS_MS = 2000

/** One measurement of the event loop. */
export interface LoadSample {
  /** Mean delay of the event loop, milliseconds. */
  delayMs: number
  /** Share of the time in which the event loop was busy, 0 to 1. */
  utilization: number
  /** Requests that have ended so far, without those that were shed. */
  served: number
}

/** The load at the moment in which a request arrives. */
export interface Arrival {
  /** Requests in flight, this one included. */
  active: number
  /** How long the next request in the queue has waited for its turn, milliseconds. */
  waitMs: number
  /** How long the current turn of the event loop has lasted, milliseconds; called only while shedding. */
  turnAgeMs: () => number
}

/**
 * Decides which requests are shed, from samples of the event loop. It has no clock and no I/O. Times are milliseconds
 * of a monotonic clock.
 *
 * While the loop is late, each turn serves requests for a budget of time and refuses the rest. Shedding everything for
 * the length of a sample would waste most of the capacity.
 */
export class LoadShedder {
  readonly #limitMs: number
  #lateSamples = 0
  #isShedding = false
  #lastShedAt = 0
  #servedBefore = 0
  #roomFor = Number.POSITIVE_INFINITY

  /** `limitMs`: mean delay of the event loop, and wait of a request, above which requests are shed. */
  constructor(limitMs: number) {
    this.#limitMs = limitMs
  }

  /** Takes in a measurement, every `SAMPLE_INTERVAL_MS`. */
  sample({ delayMs, utilization, served }: LoadSample, now: number): void {
    const limitMs = utilization > MAX_UTILIZATION ? this.#limitMs * DELAY_RATIO_AT_FULL_USE : this.#limitMs
    this.#lateSamples = delayMs > limitMs ? this.#lateSamples + 1 : 0
    const isLate = this.#lateSamples >= LATE_SAMPLES
    const justServed = served - this.#servedBefore
    this.#servedBefore = served
    const isHeldUp = isLate && justServed <= HARDLY_ANY
    this.#roomFor = isHeldUp ? 0 : Math.max(1, (justServed * WAITING_BUDGET_MS) / SAMPLE_INTERVAL_MS)
    if (isLate && !this.#isShedding) this.#lastShedAt = now
    this.#isShedding = isLate || (this.#isShedding && now - this.#lastShedAt < SHEDDING_LASTS_MS)
  }

  /** Whether a request that arrives now is served. */
  admits({ active, waitMs, turnAgeMs }: Arrival): boolean {
    if (waitMs > this.#limitMs) return false
    return !this.#isShedding || (active <= this.#roomFor && turnAgeMs() < ADMIT_WITHIN_TURN_MS)
  }

  /** Notes that a request was shed. */
  noteShed(now: number): void {
    this.#lastShedAt = now
  }
}
