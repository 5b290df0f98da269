import type { ServerResponse } from 'node:http'

/** How a wait ended: its time was over, the caller left, or the process released it. */
export type HoldEnd = 'over' | 'left' | 'released'

/** Requests that a fault keeps waiting. */
export class HeldRequests {
  readonly #waits = new Set<{ isEndless: boolean; end: (how: HoldEnd) => void }>()
  #isReleased = false

  /** How many wait now. */
  get size(): number {
    return this.#waits.size
  }

  /** Calls `done` once: after `ms`, or when the caller leaves. Without `ms` also at `releaseEndless`. */
  hold(response: ServerResponse, ms: number | undefined, done: (end: HoldEnd) => void): void {
    if (response.destroyed || response.closed) {
      done('left')
      return
    }
    const isEndless = ms === undefined
    if (isEndless && this.#isReleased) {
      done('released')
      return
    }
    const end = (how: HoldEnd) => {
      clearTimeout(timer)
      response.off('close', left)
      this.#waits.delete(wait)
      done(how)
    }
    const left = () => end('left')
    const wait = { isEndless, end }
    const timer = isEndless ? undefined : setTimeout(end, ms, 'over' satisfies HoldEnd)
    response.on('close', left)
    this.#waits.add(wait)
  }

  /** Ends the waits without a time, now and in future. Waits with a time continue. */
  releaseEndless(): void {
    this.#isReleased = true
    for (const { isEndless, end } of [...this.#waits]) if (isEndless) end('released')
  }
}
