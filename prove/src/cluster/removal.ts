import type { Kubectl } from './kubectl.ts'

/** What a run removes at its end. */
export interface RemovalTarget {
  /** How messages call it: `the namespace prove-1`. */
  description: string
  /** Requests the deletion without waiting for it. May be called again. */
  request: (kubectl: Kubectl) => Promise<void>
  /** Waits until it is gone. Rejects after `timeoutMs`. */
  untilGone: (kubectl: Kubectl, timeoutMs: number) => Promise<void>
}

export interface RemovalOptions {
  /** Its signal is replaced: an interrupt does not stop the clean-up. */
  kubectl: Kubectl
  target: RemovalTarget
  /** Aborted by the first signal: the deletion is requested at once. */
  interrupted: AbortSignal
  /** Aborted by the second signal: ends the wait, not the deletion. */
  leave: AbortSignal
  says: (line: string) => void
}

/** Longest wait for the removal after an interrupt, ms. */
const REMOVAL_MS = 120_000
/** After a second signal, requesting the deletion may still take this long, ms. */
const LAST_REQUEST_MS = 5000

/**
 * Removes what a run has created. After an interrupt the deletion is requested at once, whatever is running, and again
 * at the end for objects that were being created at that moment.
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
   * Requests the deletion, and after an interrupt waits until everything is gone. Returns what the user has to know or
   * do; undefined if nothing is left to do.
   */
  async finish(): Promise<string | undefined> {
    const { target, interrupted, says, leave } = this.#options
    const { description } = target
    interrupted.removeEventListener('abort', this.#onInterrupt)
    try {
      const requested = await before(this.#request(), leave, LAST_REQUEST_MS)
      if (!requested)
        return `The deletion of ${description} was requested, and not confirmed. \`prove --clean\` finds namespaces that are left.`
      says(`Removing ${description}: the cluster goes on by itself.`)
      if (!interrupted.aborted) return undefined
      await target.untilGone(this.#kubectl.with({ signal: leave }), REMOVAL_MS)
      return undefined
    } catch (error) {
      if (leave.aborted) return `Still being removed: ${description}.`
      return `Could not remove ${description}: ${String(error)}.`
    }
  }

  #request(): Promise<void> {
    return this.#options.target.request(this.#kubectl)
  }
}

/** Whether the work finished within this time after the signal. Rejects if the work rejects. */
async function before(work: Promise<unknown>, signal: AbortSignal, graceMs: number): Promise<boolean> {
  const { promise: late, resolve } = Promise.withResolvers<false>()
  let timer: NodeJS.Timeout | undefined
  const onAbort = () => {
    timer = setTimeout(resolve, graceMs, false)
  }
  if (signal.aborted) onAbort()
  else signal.addEventListener('abort', onAbort, { once: true })
  try {
    return await Promise.race([work.then(() => true), late])
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', onAbort)
  }
}
