/**
 * How long the current turn of the event loop has lasted. A turn reads all connections that have something to read: what
 * is read late in it has waited at least that long.
 */
export class TurnClock {
  #startedAt: number | undefined
  readonly #reset = (): void => {
    this.#startedAt = undefined
  }

  /** Milliseconds since the first call in this turn; 0 for that call. */
  ageMs(): number {
    const now = performance.now()
    if (this.#startedAt === undefined) {
      this.#startedAt = now
      // Runs when all connections of this turn were read.
      setImmediate(this.#reset)
    }
    return now - this.#startedAt
  }
}
