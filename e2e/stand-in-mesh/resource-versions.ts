interface Versioned {
  kind: string
  metadata: { name: string; uid?: string }
}

/**
 * Numbers the states of a cluster's objects as an API server does: an object gets a new resource version whenever it has
 * changed since it was read last, and no version is ever used twice.
 */
export class ResourceVersions {
  #last = 0
  readonly #known = new Map<string, { text: string; resourceVersion: string }>()

  /** The object with its resource version. */
  of<Item extends Versioned>(object: Item): Item {
    const key = `${object.kind} ${object.metadata.uid ?? object.metadata.name}`
    const text = JSON.stringify(object)
    let known = this.#known.get(key)
    if (known?.text !== text) {
      known = { text, resourceVersion: this.next() }
      this.#known.set(key, known)
    }
    return { ...object, metadata: { ...object.metadata, resourceVersion: known.resourceVersion } }
  }

  /** A version for an object in its last state, when it is deleted. */
  next(): string {
    this.#last += 1
    return String(this.#last)
  }
}
