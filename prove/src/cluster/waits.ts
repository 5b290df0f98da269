import { setTimeout as delay } from 'node:timers/promises'

/** Something that was waited for: how often, and the total time, ms. */
export interface Wait {
  what: string
  times: number
  ms: number
}

export interface WaitsOptions {
  /** Time after which a wait is announced for the first time, ms. */
  quietMs: number
  /** Called for each wait that goes on: a line that says what is waited for, and the cluster's last warning in it. */
  announce: (line: string, warning: string | undefined) => void
  /** The cluster's last warning; undefined if there is none. */
  lastWarning: () => Promise<string | undefined>
}

/** How long an announcement may be delayed to fetch the last warning, ms. */
const WARNING_MS = 1000

/** Announces slow waits, and records all of them. */
export class Waits {
  readonly #options: WaitsOptions
  #taken = new Map<string, Wait>()
  /** The waits that are going on, the outermost first. */
  readonly #current = new Set<() => string>()

  constructor(options: WaitsOptions) {
    this.#options = options
  }

  /** Does the work. `what` names what is waited for; pass a function if that changes during the wait. */
  async during<Result>(what: string | (() => string), work: () => Promise<Result>): Promise<Result> {
    const startedAt = performance.now()
    const elapsed = () => performance.now() - startedAt
    const say = typeof what === 'string' ? () => what : what
    let isOver = false
    const current = () => say()
    this.#current.add(current)
    const announce = async () => {
      const warning = await this.#warning()
      if (!isOver) this.#options.announce(announcement(say(), elapsed(), warning), warning)
    }
    // Fetching the warning takes up to a second, which counts as part of the silent time.
    const timer = setInterval(() => void announce(), Math.max(1, this.#options.quietMs - WARNING_MS))
    try {
      return await work()
    } finally {
      isOver = true
      clearInterval(timer)
      this.#current.delete(current)
      this.#record(say(), Math.round(elapsed()))
    }
  }

  /** What is waited for now; of waits within others, the outermost. */
  get current(): string | undefined {
    const [outermost] = this.#current
    return outermost?.()
  }

  /** All waits since the last call, the longest first. */
  take(): Wait[] {
    const taken = [...this.#taken.values()].sort((a, b) => b.ms - a.ms)
    this.#taken = new Map()
    return taken
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

function announcement(what: string, ms: number, warning: string | undefined): string {
  const last = warning === undefined ? '' : ` Last warning of the cluster: ${warning}`
  return `Waiting for ${what}, ${Math.round(ms / 1000)} s so far.${last}`
}
