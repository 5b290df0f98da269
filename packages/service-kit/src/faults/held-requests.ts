import type { ServerResponse } from 'node:http'

/** How a wait ended: its time was over, the caller left, or the process lets all go. */
export type HoldEnd = 'over' | 'left' | 'released'

/** Requests that a fault keeps waiting. */
export class HeldRequests {
  readonly #releases = new Set<() => void>()
  #isEnded = false

  /** True once `end` was called: nothing waits any more. */
  get isEnded(): boolean {
    return this.#isEnded
  }

  /** How many wait now. */
  get size(): number {
    return this.#releases.size
  }

  /** Calls `done` once: after `ms` (never without it), when the caller leaves, or at the end of all waits. */
  hold(response: ServerResponse, ms: number | undefined, done: (end: HoldEnd) => void): void {
    if (response.destroyed || response.closed) {
      done('left')
      return
    }
    const end = (how: HoldEnd) => {
      clearTimeout(timer)
      response.off('close', left)
      this.#releases.delete(release)
      done(how)
    }
    const left = () => end('left')
    const release = () => end('released')
    const timer = ms === undefined ? undefined : setTimeout(end, ms, 'over' satisfies HoldEnd)
    response.on('close', left)
    this.#releases.add(release)
  }

  /** Lets all go that wait now, for good. */
  end(): void {
    this.#isEnded = true
    for (const release of [...this.#releases]) release()
  }
}
