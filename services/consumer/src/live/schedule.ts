/**
 * The times at which calls are due, at a constant rate. They depend only on the clock: a slow answer does not delay them.
 * All times are milliseconds of one monotonic clock.
 */
export class Schedule {
  #intervalMs = Number.POSITIVE_INFINITY
  #nextAt = Number.POSITIVE_INFINITY
  #lastAt = Number.NEGATIVE_INFINITY

  /** When the next call is due; Infinity if none is. */
  get nextAt(): number {
    return this.#nextAt
  }

  /** Starts, or changes the rate. The next call comes one new interval after the previous one. */
  start(rate: number, now: number): void {
    if (rate === 0) {
      this.stop()
      return
    }
    this.#intervalMs = 1000 / rate
    this.#nextAt = Math.max(now, this.#lastAt + this.#intervalMs)
  }

  stop(): void {
    this.#nextAt = Number.POSITIVE_INFINITY
  }

  /** The first `room` due times up to `now`, and how many more were due. No due time is returned twice. */
  take(now: number, room: number): { due: number[]; surplus: number } {
    if (now < this.#nextAt) return { due: [], surplus: 0 }
    const count = Math.floor((now - this.#nextAt) / this.#intervalMs) + 1
    const first = this.#nextAt
    this.#lastAt = first + (count - 1) * this.#intervalMs
    this.#nextAt = first + count * this.#intervalMs
    const due = Array.from({ length: Math.min(count, room) }, (_, index) => first + index * this.#intervalMs)
    return { due, surplus: count - due.length }
  }
}
