import type { EventObject, KubeObject } from './kubernetes-types.ts'
import { ObjectWatch, type ObjectWatchOptions } from './object-watch.ts'
import { isScalingUp, type Obstacle } from './obstacles.ts'
import { lastOf } from './pod-state.ts'

/** The events of a namespace. Only slow waits need them: their watch starts with the first. */
export class NamespaceEvents {
  readonly #watch: ObjectWatch
  readonly #signal: AbortSignal

  constructor(options: Omit<ObjectWatchOptions, 'resource'>) {
    this.#watch = new ObjectWatch({ ...options, resource: 'events' })
    this.#signal = options.signal
  }

  /** The cluster's own description of the problem: no room on a node, a policy that forbids the pod, an image. */
  async lastWarning(): Promise<string | undefined> {
    return lastOf((await this.#all()).filter(({ type }) => type === 'Warning'))
  }

  /** Whether an autoscaler is about to remove the obstacle. */
  async willRemove({ isCertain }: Obstacle): Promise<boolean> {
    return !isCertain && isScalingUp(await this.#all())
  }

  close(): Promise<void> {
    return this.#watch.close()
  }

  async #all(): Promise<EventObject[]> {
    const events = await this.#watch.all().catch((): KubeObject[] => {
      this.#signal.throwIfAborted()
      return []
    })
    return events as (KubeObject & EventObject)[]
  }
}
