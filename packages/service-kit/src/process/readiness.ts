import type { ReadinessStatus } from '@linkerd-scenario/contract'

/** Whether this process wants traffic. It asks nobody else: a provider that is down must not take the consumer along. */
export class Readiness {
  #started = false
  #draining = false
  #switchedOff = false

  get status(): ReadinessStatus {
    if (this.#draining) return 'draining'
    if (!this.#started) return 'starting'
    return this.#switchedOff ? 'switched-off' : 'ok'
  }

  start(): void {
    this.#started = true
  }

  /** For good: a process that drains does not come back. */
  drain(): void {
    this.#draining = true
  }

  /** Takes the process out of service discovery, and back. */
  switch(on: boolean): void {
    this.#switchedOff = !on
  }
}
