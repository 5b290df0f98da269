/**
 * Calls `look` with a copy of `value` that records which fields are read, and returns the paths of the others. A
 * validator compiled from a schema reads every field that the schema knows, but ignores unknown ones: so an unread
 * field is unknown to the schema.
 */
export function fieldsNotRead(value: object, look: (value: object) => void): string[] {
  const watched = new Watched(value, '')
  look(watched.proxy)
  return watched.notRead()
}

class Watched {
  readonly proxy: object
  readonly #value: object
  readonly #path: string
  readonly #read = new Set<string>()
  readonly #children = new Map<string, Watched>()

  constructor(value: object, path: string) {
    this.#value = value
    this.#path = path
    this.proxy = new Proxy(value, { get: (target, key) => this.#get(key, Reflect.get(target, key)) })
  }

  #get(key: string | symbol, value: unknown): unknown {
    if (typeof key === 'symbol') return value
    this.#read.add(key)
    if (typeof value !== 'object' || value === null) return value
    const child = this.#children.get(key) ?? new Watched(value, `${this.#path}/${key}`)
    this.#children.set(key, child)
    return child.proxy
  }

  notRead(): string[] {
    return Object.keys(this.#value).flatMap((key) =>
      this.#read.has(key) ? (this.#children.get(key)?.notRead() ?? []) : [`${this.#path}/${key}`],
    )
  }
}
