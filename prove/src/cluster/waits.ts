import { setTimeout as delay } from 'node:timers/promises'

/** Something that was waited for: how often, and the total time, ms. */
export interface Wait {
  what: string
  times: number
  ms: number
}

export interface WaitsOptions {
  /** Time after which a wait is announced for the first time, ms; then after twice, four times as long, and so on. */
  quietMs: number
  /** Called for a wait that goes on: a line that says what is waited for, and the cluster's last warning. */
  announce: (line: string, warning: string | undefined) => void
  /** The cluster's last warning; undefined if there is none. */
  lastWarning: () => Promise<string | undefined>
}

/** How long an announcement may be delayed to fetch the last warning, ms. */
const WARNING_MS = 1000

/** A wait that is going on. */
interface Current {
  say: () => string
  elapsedMs: () => number
}

/** Announces slow waits, and records all of them. */
export class Waits {
  readonly #options: WaitsOptions
  #taken = new Map<string, Wait>()
  /** The waits that are going on, the outermost first. */
  readonly #current = new Set<Current>()

  constructor(options: WaitsOptions) {
    this.#options = options
  }

  /** Does the work. `what` names what is waited for; pass a function if that changes during the wait. */
  async during<Result>(what: string | (() => string), work: () => Promise<Result>): Promise<Result> {
    const startedAt = performance.now()
    const wait: Current = {
      say: typeof what === 'string' ? () => what : what,
      elapsedMs: () => performance.now() - startedAt,
    }
    const over = new AbortController()
    this.#current.add(wait)
    void this.#announceUntil(over.signal, wait)
    try {
      return await work()
    } finally {
      over.abort()
      this.#current.delete(wait)
      this.#record(wait.say(), Math.round(wait.elapsedMs()))
    }
  }

  /** What is waited for now; of waits within others, the outermost. */
  get current(): string | undefined {
    const [outermost] = this.#current
    return outermost?.say()
  }

  /** All waits since the last call, the longest first. */
  take(): Wait[] {
    const taken = [...this.#taken.values()].sort((a, b) => b.ms - a.ms)
    this.#taken = new Map()
    return taken
  }

  /** At growing intervals: who reads a log wants to know that it goes on, not to count the seconds. */
  async #announceUntil(over: AbortSignal, wait: Current): Promise<void> {
    for (let { quietMs: atMs } = this.#options; ; atMs *= 2) {
      // Fetching the warning takes up to a second, which counts as part of the silent time.
      const restMs = Math.max(1, atMs - WARNING_MS - wait.elapsedMs())
      await delay(restMs, undefined, { signal: over, ref: false }).catch(() => undefined)
      if (over.aborted) return
      if (!this.#isInnermost(wait)) continue
      const warning = await this.#warning()
      if (over.aborted) return
      this.#options.announce(`Waiting for ${wait.say()}, ${Math.round(wait.elapsedMs() / 1000)} s so far.`, warning)
    }
  }

  /**
   * Of nested slow waits only the innermost is announced: it is why the others last. A wait counts as slow after half
   * of the silent time, so that an inner wait that began a little later is not overlooked.
   */
  #isInnermost(wait: Current): boolean {
    const slow = [...this.#current].filter((one) => one.elapsedMs() >= (this.#options.quietMs - WARNING_MS) / 2)
    return slow.length === 0 || slow.at(-1) === wait
  }

  #record(what: string, ms: number): void {
    const { times, ms: before } = this.#taken.get(what) ?? { times: 0, ms: 0 }
    this.#taken.set(what, { what, times: times + 1, ms: before + ms })
  }

  async #warning(): Promise<string | undefined> {
    const none = delay(WARNING_MS, undefined, { ref: false })
    return Promise.race([this.#options.lastWarning().catch(() => undefined), none])
  }
}
