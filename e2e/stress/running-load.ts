import { setTimeout as sleep } from 'node:timers/promises'
import type { Problem } from '@linkerd-scenario/contract'
import { KeepAliveClient } from '@linkerd-scenario/test-kit/http-client'
import { until } from '@linkerd-scenario/test-kit/until'

interface Seen {
  sentAt: number
  endedAt: number
  /** `200`, the status and origin of a problem, or the code of a broken connection. */
  verdict: string
}

/**
 * Calls a URL from `callers` callers at once, each at most some hundred times a second, and records the outcomes with
 * their times.
 */
export class RunningLoad implements AsyncDisposable {
  readonly seen: Seen[] = []
  readonly #client = new KeepAliveClient()
  readonly #working: Promise<unknown>
  #isOver = false

  constructor(url: string, callers: number) {
    this.#working = Promise.all(Array.from({ length: callers }, () => this.#work(url)))
  }

  /** Number of calls sent since then, by verdict. */
  since(time: number): Record<string, number> {
    const counts: Record<string, number> = {}
    for (const { sentAt, verdict } of this.seen) {
      if (sentAt >= time) counts[verdict] = (counts[verdict] ?? 0) + 1
    }
    return counts
  }

  /** Waits until `count` calls that were sent from now on have ended, and returns their verdicts. */
  async next(count: number, withinMs = 30_000): Promise<Record<string, number>> {
    const now = performance.now()
    const counted = () => Object.values(this.since(now)).reduce((sum, n) => sum + n, 0)
    await until(counted, (n) => n >= count, { withinMs })
    return this.since(now)
  }

  /**
   * Milliseconds from `time` until calls succeed for good: for `forMs` from then on, every call sent has the verdict
   * 200.
   */
  async recovery(time: number, forMs = 2000): Promise<number> {
    const last = () => this.seen.findLast(({ verdict, endedAt }) => verdict !== '200' && endedAt >= time)
    const since = () => performance.now() - Math.max(time, last()?.sentAt ?? time)
    await until(since, (ms) => ms >= forMs, { withinMs: 30_000, everyMs: 50 })
    const bad = last()
    const good = this.seen.find(({ sentAt, verdict }) => verdict === '200' && sentAt > (bad?.sentAt ?? time))
    return Math.max(0, (good?.sentAt ?? Number.POSITIVE_INFINITY) - time)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isOver = true
    await this.#working
    await this.#client[Symbol.asyncDispose]()
  }

  async #work(url: string): Promise<void> {
    while (!this.#isOver) {
      const sentAt = performance.now()
      const verdict = await this.#client.get(url, { 'x-request-id': 'load' }).then(
        ({ status, body }) => (status === 200 ? '200' : `${status} ${(JSON.parse(body) as Problem).origin}`),
        (error: NodeJS.ErrnoException) => error.code ?? error.message,
      )
      this.seen.push({ sentAt, endedAt: performance.now(), verdict })
      await sleep(10)
    }
  }
}
