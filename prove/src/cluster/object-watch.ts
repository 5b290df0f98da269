import { ERROR_LINE, isTransient, type Kubectl, type LongRunning } from './kubectl.ts'
import type { KubeObject, List } from './kubernetes-types.ts'
import { ObjectCache, type WatchEvent } from './object-cache.ts'
import type { Clock, Pace } from './pace.ts'

export interface ObjectWatchOptions {
  kubectl: Kubectl
  namespace: string
  /** One resource as kubectl names it, e.g. `pods`: it cannot watch several. */
  resource: string
  clock: Clock
  pace: Pick<Pace, 'pollMs' | 'commandMs'>
  signal: AbortSignal
}

/** How far a watch may lag behind a list, ms; longer, and it is started again. */
const LAG_MS = 2000
/** Pause before a watch is started again, ms. */
const RESTART_MS = 200

/**
 * The objects of one resource in a namespace, kept up to date by one long-running `kubectl get --watch`. If that ends
 * (the API server ends each watch after some time, a connection breaks, a version expires), the next reader starts it
 * again with an empty cache, and waits until it has shown everything that a list shows: nothing is missed.
 */
export class ObjectWatch {
  readonly #options: ObjectWatchOptions
  #cache = new ObjectCache()
  #running: LongRunning | undefined
  #hasRun = false
  #isClosed = false
  /** Whether the cache has all objects. */
  #isComplete = false
  #confirming: Promise<void> | undefined
  /** Why kubectl refuses to watch. */
  #refusal: Error | undefined
  #change = Promise.withResolvers<void>()

  constructor(options: ObjectWatchOptions) {
    this.#options = options
  }

  /** The objects that the watch has shown so far; there may be others. Rejects if kubectl refuses to watch. */
  async seen(): Promise<readonly KubeObject[]> {
    await this.#begin()
    return this.#cache.objects
  }

  /** All objects. Rejects if kubectl refuses to watch or to list. */
  async all(): Promise<readonly KubeObject[]> {
    await this.#begin()
    while (!this.#isComplete) await this.confirm()
    return this.#cache.objects
  }

  /** Resolves at the next change, at the latest after `ms`. Rejects with the signal's reason. */
  async changed(ms: number): Promise<void> {
    const { clock, signal } = this.#options
    await Promise.race([this.#change.promise, clock.sleep(ms, signal)])
  }

  /** Compares with a list until the watch has shown all that is in it. Starts a watch again that shows nothing. */
  confirm(): Promise<void> {
    this.#confirming ??= this.#confirm().finally(() => {
      this.#confirming = undefined
    })
    return this.#confirming
  }

  /** Ends kubectl for good, and waits until it has exited. Readers are refused from now on. */
  async close(): Promise<void> {
    this.#isClosed = true
    const { ended } = this.#running ?? {}
    this.#stop()
    await ended
  }

  async #confirm(): Promise<void> {
    const { kubectl, namespace, resource, clock, pace } = this.#options
    const startedAt = clock.now()
    while (clock.now() - startedAt <= pace.commandMs) {
      await this.#begin()
      const cache = this.#cache
      const before = cache.objects
      const { items } = await kubectl.json<List<KubeObject>>(['get', resource, '-n', namespace])
      if (await this.#reaches(cache, items, before)) {
        this.#isComplete = true
        return
      }
      if (this.#cache === cache) this.#stop()
    }
    throw new Error(`\`kubectl get ${resource} -n ${namespace} --watch\` does not show what \`kubectl get\` shows.`)
  }

  /** Whether the watch comes as far as the list before it ends or lags too far behind. */
  async #reaches(cache: ObjectCache, list: KubeObject[], before: readonly KubeObject[]): Promise<boolean> {
    const { clock, pace } = this.#options
    const listedAt = clock.now()
    while (this.#cache === cache && clock.now() - listedAt <= LAG_MS) {
      if (!cache.lagsBehind(list, before)) return true
      await this.changed(pace.pollMs)
    }
    return false
  }

  /** Starts kubectl unless it is running. */
  async #begin(): Promise<void> {
    const { kubectl, namespace, resource, clock, signal } = this.#options
    this.#refuseReaders()
    if (this.#running !== undefined) return
    if (this.#hasRun) await clock.sleep(RESTART_MS, signal)
    // It may have been closed meanwhile, or another reader may have started it.
    this.#refuseReaders()
    if (this.#running !== undefined) return
    this.#hasRun = true
    const running = kubectl.start(['get', resource, '-n', namespace, '--watch', '--output-watch-events', '-o', 'json'])
    this.#running = running
    running.onLine((line) => {
      if (this.#running === running) this.#take(line)
    })
    void running.ended.then((stderr) => {
      if (this.#running === running) this.#onEnd(stderr)
    })
  }

  #refuseReaders(): void {
    const { signal, resource, namespace } = this.#options
    signal.throwIfAborted()
    if (this.#refusal !== undefined) throw this.#refusal
    if (this.#isClosed) throw new Error(`The watch of ${resource} in namespace ${namespace} is closed`)
  }

  #take(line: string): void {
    const event = eventIn(line)
    // An ERROR: the API server no longer has the changes since the last version.
    if (event === undefined) this.#stop()
    else {
      this.#cache.take(event)
      this.#wake()
    }
  }

  #onEnd(stderr: string): void {
    const { resource, namespace } = this.#options
    if (ERROR_LINE.test(stderr) && !isTransient(stderr))
      this.#refusal = new Error(`\`kubectl get ${resource} -n ${namespace} --watch\` ended: ${stderr.trim()}`)
    this.#stop()
  }

  /** The next reader starts kubectl again. */
  #stop(): void {
    this.#running?.stop()
    this.#running = undefined
    this.#cache = new ObjectCache()
    this.#isComplete = false
    this.#wake()
  }

  #wake(): void {
    this.#change.resolve()
    this.#change = Promise.withResolvers()
  }
}

/** undefined for anything that is not a change of an object. */
function eventIn(line: string): WatchEvent | undefined {
  try {
    const event = JSON.parse(line) as WatchEvent
    return ['ADDED', 'MODIFIED', 'DELETED'].includes(event.type) ? event : undefined
  } catch {
    return undefined
  }
}
