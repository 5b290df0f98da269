import type { Exchange } from './exchange.ts'

/** Counts the requests of one port. */
export class RequestCount {
  /** In flight now. */
  active = 0
  /** Ended so far, however they ended. */
  ended = 0
  #answered = 0
  #answeredBeforeDrain = 0
  #cut: number | undefined

  begun(): void {
    this.active += 1
  }

  finished({ callerGone, cutBy }: Exchange): void {
    this.active -= 1
    this.ended += 1
    if (!callerGone && cutBy === undefined) this.#answered += 1
  }

  /** From here on answers count as given during the drain. */
  beginDrain(): void {
    this.#answeredBeforeDrain = this.#answered
  }

  /** The process now cuts its connections: what is in flight is lost. */
  beginCut(): void {
    this.#cut ??= this.active
  }

  get isCutting(): boolean {
    return this.#cut !== undefined
  }

  /** Whole answers since `beginDrain`. */
  get answeredInDrain(): number {
    return this.#answered - this.#answeredBeforeDrain
  }

  /** Requests that were in flight when the connections were cut. */
  get cut(): number {
    return this.#cut ?? 0
  }
}
