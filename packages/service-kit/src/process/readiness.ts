import type { ReadinessStatus } from '@linkerd-scenario/contract'

/** Whether this process wants traffic. It asks nobody else: a provider that is down must not take the consumer along. */
export class Readiness {
  #started = false
  /** True from the first signal on, for good: a process that drains does not come back. */
  isDraining = false
  #switchedOff = false

  get status(): ReadinessStatus {
    if (this.isDraining) return 'draining'
    if (!this.#started) return 'starting'
    return this.#switchedOff ? 'switched-off' : 'ok'
  }

  start(): void {
    this.#started = true
  }

  drain(): void {
    this.isDraining = true
  }

  /** Takes the process out of service discovery, and back. */
  switch(on: boolean): void {
    this.#switchedOff = !on
  }
}
