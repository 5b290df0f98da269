import type { Kubectl } from './kubectl.ts'
import { LEFTOVERS_COMMAND, requestDeletion, untilGone } from './namespace.ts'

export interface RemovalOptions {
  /** Its signal is replaced: an interrupt does not end the cleaning up. */
  kubectl: Kubectl
  /** Names the run. */
  run: string
  namespaces: readonly string[]
  /** Aborted by the first signal: requests the deletion at once. */
  interrupted: AbortSignal
  /** Aborted by the second: ends the wait, not the deletion. */
  leave: AbortSignal
  says: (line: string) => void
}

/** Longest time for the namespaces to go after an interrupt, ms. */
const REMOVAL_MS = 120_000
/** After a second signal the deletion is still requested, for as long as this, ms. */
const LAST_REQUEST_MS = 5000

/**
 * Removes the namespaces of a run. At an interrupt the deletion is requested at once, whatever is under way; and once
 * more at the end, for a namespace whose creation was under way just then.
 */
export class Removal {
  readonly #options: RemovalOptions
  readonly #kubectl: Kubectl
  readonly #onInterrupt = () => {
    this.#request().catch(() => undefined)
  }

  constructor(options: RemovalOptions) {
    this.#options = options
    this.#kubectl = options.kubectl.with({ signal: new AbortController().signal })
    options.interrupted.addEventListener('abort', this.#onInterrupt, { once: true })
    if (options.interrupted.aborted) this.#onInterrupt()
  }

  /**
   * Requests the deletion, and after an interrupt waits until the namespaces are gone. Returns what the user has to
   * know or do; undefined where nothing is left to do.
   */
  async finish(): Promise<string | undefined> {
    const { namespaces, interrupted, says, leave } = this.#options
    interrupted.removeEventListener('abort', this.#onInterrupt)
    const names = namespaces.join(', ')
    try {
      const requested = await before(this.#request(), leave, LAST_REQUEST_MS)
      if (!requested) return `The deletion of ${names} was requested, and not confirmed: see \`${LEFTOVERS_COMMAND}\`.`
      says(`Removing the namespace ${names}. The cluster needs no help from here on.`)
      if (!interrupted.aborted) return undefined
      const gone = Promise.all(namespaces.map((name) => untilGone(this.#kubectl, name, REMOVAL_MS)))
      return (await before(gone, leave, 0)) ? undefined : `The namespace ${names} is still being removed.`
    } catch (error) {
      return `The namespace ${names} could not be removed: ${String(error)}. Remove it with \`kubectl delete namespace ${namespaces.join(' ')}\`.`
    }
  }

  #request(): Promise<void> {
    return requestDeletion(this.#kubectl, this.#options.run)
  }
}

/** Whether the work ended before the signal and this many ms more. Rejects with what the work rejects with. */
async function before(work: Promise<unknown>, signal: AbortSignal, graceMs: number): Promise<boolean> {
  const { promise: late, resolve } = Promise.withResolvers<false>()
  let timer: NodeJS.Timeout | undefined
  const onAbort = () => {
    timer = setTimeout(() => resolve(false), graceMs)
  }
  if (signal.aborted) onAbort()
  signal.addEventListener('abort', onAbort, { once: true })
  try {
    return await Promise.race([work.then(() => true), late])
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', onAbort)
    work.catch(() => undefined)
  }
}
