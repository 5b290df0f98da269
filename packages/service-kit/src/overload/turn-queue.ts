import { TurnClock } from './turn-clock.ts'

/** So long a turn of the event loop works on requests: then whoever else waits has a turn, a probe for instance. */
const BUDGET_MS = 25

/**
 * Runs tasks in their order, at once while the turn of the event loop is young, else in a later turn. Many requests that
 * arrive together would else be one turn, and for its length nothing would be answered, not even with a refusal.
 */
export class TurnQueue {
  readonly #clock = new TurnClock()
  readonly #waiting: { task: () => void; since: number }[] = []

  run(task: () => void): void {
    const isFree = this.#waiting.length === 0
    if (isFree && this.#clock.ageMs() < BUDGET_MS) {
      task()
    } else {
      this.#waiting.push({ task, since: performance.now() })
      if (isFree) setImmediate(this.#work)
    }
  }

  /** How long the next task has waited, ms; 0 where none waits. */
  waitMs(): number {
    const next = this.#waiting[0]
    return next === undefined ? 0 : performance.now() - next.since
  }

  readonly #work = (): void => {
    const until = performance.now() + BUDGET_MS
    let done = 0
    do {
      this.#waiting[done]?.task()
      done += 1
    } while (done < this.#waiting.length && performance.now() < until)
    this.#waiting.splice(0, done)
    if (this.#waiting.length > 0) setImmediate(this.#work)
  }
}
