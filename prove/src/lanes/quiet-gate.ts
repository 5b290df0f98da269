/** Ends a measurement. Call it once. */
export type Leave = () => void

interface Waiting {
  needsQuiet: boolean
  enter: (leave: Leave) => void
}

/**
 * Coordinates the measurements of several lanes: they may run at the same time, except that one which needs quiet runs
 * while no other does. First come, first served.
 */
export class QuietGate {
  #measuring = 0
  #isQuiet = false
  #waiting: Waiting[] = []

  /** Begins a measurement if nothing has to be waited for. */
  tryEnter(needsQuiet: boolean): Leave | undefined {
    return this.#waiting.length === 0 && this.#mayEnter(needsQuiet) ? this.#begin(needsQuiet) : undefined
  }

  /** Waits until a measurement may begin. Rejects with the signal's reason if it is aborted before. */
  async enter(needsQuiet: boolean, signal: AbortSignal): Promise<Leave> {
    signal.throwIfAborted()
    const { promise, resolve: enter, reject } = Promise.withResolvers<Leave>()
    const waiting = { needsQuiet, enter }
    const onAbort = () => {
      this.#waiting = this.#waiting.filter((one) => one !== waiting)
      this.#admit()
      reject(signal.reason as Error)
    }
    signal.addEventListener('abort', onAbort, { once: true })
    this.#waiting.push(waiting)
    this.#admit()
    return promise.finally(() => signal.removeEventListener('abort', onAbort))
  }

  #admit(): void {
    for (let [next] = this.#waiting; next !== undefined && this.#mayEnter(next.needsQuiet); [next] = this.#waiting) {
      this.#waiting.shift()
      next.enter(this.#begin(next.needsQuiet))
    }
  }

  #mayEnter(needsQuiet: boolean): boolean {
    return this.#measuring === 0 || !(needsQuiet || this.#isQuiet)
  }

  #begin(needsQuiet: boolean): Leave {
    this.#measuring += 1
    this.#isQuiet = needsQuiet
    return () => {
      this.#measuring -= 1
      this.#isQuiet = false
      this.#admit()
    }
  }
}
