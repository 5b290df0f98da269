import type { KubeObject } from './kubernetes-types.ts'

/** A line of `kubectl get --watch --output-watch-events -o json`. */
export interface WatchEvent {
  type: string
  /** The object in its new state; with ERROR a Status. */
  object: KubeObject
}

/** The objects of one resource in a namespace, as a watch describes them. */
export class ObjectCache {
  readonly #objects = new Map<string, KubeObject>()
  /** Every version that the watch has shown. */
  readonly #seen = new Set<string>()

  get objects(): KubeObject[] {
    return [...this.#objects.values()]
  }

  /** Records a change. */
  take({ type, object }: WatchEvent): void {
    const key = keyOf(object)
    this.#seen.add(versionOf(object))
    if (type === 'DELETED') this.#objects.delete(key)
    else this.#objects.set(key, object)
  }

  /**
   * What the watch still owes compared with a list that was requested when the cache had the objects `before`: it has
   * not shown a version in the list, or that an object is gone. kubectl prints the objects that exist at its start as
   * ADDED, without a sign that these were all: only a list tells.
   */
  lagsBehind(list: readonly KubeObject[], before: readonly KubeObject[]): boolean {
    const listed = new Set(list.map(keyOf))
    const isGone = (object: KubeObject) => !listed.has(keyOf(object))
    return (
      list.some((object) => !this.#seen.has(versionOf(object))) ||
      before.some((object) => isGone(object) && this.#objects.has(keyOf(object)))
    )
  }
}

/** By identifier: an object that is deleted and created again is another one. */
function keyOf({ kind, metadata }: KubeObject): string {
  return `${kind} ${metadata.uid ?? metadata.name}`
}

function versionOf(object: KubeObject): string {
  return `${keyOf(object)} ${object.metadata.resourceVersion}`
}
