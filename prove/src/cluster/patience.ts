import type { PodObject } from './kubernetes-types.ts'
import type { Obstacle } from './obstacles.ts'
import type { Clock } from './pace.ts'

/** Decides when an obstacle has lasted too long. */
export class Patience {
  readonly #limitMs: number
  readonly #clock: Pick<Clock, 'now'>
  #since: number | undefined

  constructor(limitMs: number, clock: Pick<Clock, 'now'>) {
    this.#limitMs = limitMs
    this.#clock = clock
  }

  /**
   * The obstacle, once it is certain or has lasted for the whole limit; undefined until then. Pods that are ending may
   * free resources or quota: while there are any, time does not count.
   */
  over(obstacle: Obstacle | undefined, pods: readonly PodObject[]): Obstacle | undefined {
    if (obstacle?.isCertain) return obstacle
    const isMakingRoom = pods.some(({ metadata }) => metadata.deletionTimestamp !== undefined)
    if (obstacle === undefined || isMakingRoom) {
      this.#since = undefined
      return undefined
    }
    this.#since ??= this.#clock.now()
    return this.#clock.now() - this.#since >= this.#limitMs ? obstacle : undefined
  }
}
