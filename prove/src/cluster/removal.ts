import type { Kubectl } from './kubectl.ts'

/** What a run removes at its end. */
export interface RemovalTarget {
  /** How messages call it: `the namespace prove-1`. */
  description: string
  /** A sentence that says how to find later what was not removed. */
  remedy: string
  /** Requests the deletion without waiting for it. May be called again. */
  request: (kubectl: Kubectl) => Promise<void>
  /** Whether the cluster has accepted the deletion of everything that is still there. */
  isAccepted: (kubectl: Kubectl) => Promise<boolean>
  /** Waits until it is gone. Rejects after `timeoutMs`. */
  untilGone: (kubectl: Kubectl, timeoutMs: number) => Promise<void>
}

export interface RemovalOptions {
  /** Its signal is replaced: an interrupt does not stop the clean-up. */
  kubectl: Kubectl
  target: RemovalTarget
  /** Whether to wait at the end of every run, not only after an interrupt. */
  waits: boolean
  /** Aborted by the first signal: the deletion is requested at once. */
  interrupted: AbortSignal
  /** Aborted by the second signal: ends the wait, not the deletion. */
  leave: AbortSignal
  says: (line: string) => void
}

/**
 * gone: seen to be gone. accepted: the cluster is deleting it by itself. unconfirmed: that could not be seen. kept: the
 * user asked to keep it.
 */
export type Removed = 'gone' | 'accepted' | 'unconfirmed' | 'kept'

export interface RemovalResult {
  removed: Removed
  /** What the user has to know or do; undefined if nothing. */
  open?: string
}

/** Longest wait for the removal, ms. */
export const REMOVAL_MS = 120_000
/** After a second signal, requesting the deletion may still take this long, ms. */
const LAST_REQUEST_MS = 5000
/** How often the deletion is requested: an object may still have been in creation at the first time. */
const REQUESTS = 3

/**
 * Removes what a run has created. After an interrupt the deletion is requested at once, whatever is running, and again
 * at the end for objects that were being created at that moment.
 */
export class Removal {
  readonly #options: RemovalOptions
  readonly #kubectl: Kubectl
  /** Ends the requests for the deletion. */
  readonly #requesting = new AbortController()
  readonly #onInterrupt = () => {
    this.#request().catch(() => undefined)
  }

  constructor(options: RemovalOptions) {
    this.#options = options
    this.#kubectl = options.kubectl.with({ signal: this.#requesting.signal })
    options.interrupted.addEventListener('abort', this.#onInterrupt, { once: true })
    if (options.interrupted.aborted) this.#onInterrupt()
  }

  /** Requests the deletion until the cluster has accepted it, and after an interrupt waits until everything is gone. */
  async finish(): Promise<RemovalResult> {
    const { target, interrupted, says, leave, waits } = this.#options
    const { description } = target
    interrupted.removeEventListener('abort', this.#onInterrupt)
    try {
      const isAccepted = await before(this.#untilAccepted(), leave, LAST_REQUEST_MS)
      if (isAccepted !== true) return unconfirmed(target)
    } catch (error) {
      return failed(description, error)
    } finally {
      // A request that a cluster does not answer would keep the process alive.
      this.#requesting.abort()
    }
    if (!interrupted.aborted && !waits) {
      says(`Removing ${description}: accepted, the cluster goes on by itself.`)
      return { removed: 'accepted' }
    }
    return this.#untilGone()
  }

  async #untilGone(): Promise<RemovalResult> {
    const { target, says, leave } = this.#options
    const { description } = target
    says(`Removing ${description} …`)
    try {
      await target.untilGone(this.#kubectl.with({ signal: leave }), REMOVAL_MS)
      says(`Removed ${description}.`)
      return { removed: 'gone' }
    } catch (error) {
      if (leave.aborted) return { removed: 'accepted', open: `Still being removed: ${description}.` }
      return failed(description, error)
    }
  }

  #request(): Promise<void> {
    return this.#options.target.request(this.#kubectl)
  }

  async #untilAccepted(): Promise<boolean> {
    for (let requests = 1; requests <= REQUESTS; requests += 1) {
      await this.#request()
      if (await this.#options.target.isAccepted(this.#kubectl)) return true
    }
    return false
  }
}

function failed(description: string, error: unknown): RemovalResult {
  return { removed: 'unconfirmed', open: `Could not remove ${description}: ${String(error)}.` }
}

function unconfirmed({ description, remedy }: RemovalTarget): RemovalResult {
  const open = `The deletion of ${description} was requested, and not confirmed. ${remedy}`
  return { removed: 'unconfirmed', open }
}

/** The result of the work; undefined if it has not finished within this time after the signal. Rejects if it rejects. */
async function before<Result>(
  work: Promise<Result>,
  signal: AbortSignal,
  graceMs: number,
): Promise<Result | undefined> {
  const { promise: late, resolve } = Promise.withResolvers<undefined>()
  let timer: NodeJS.Timeout | undefined
  const onAbort = () => {
    timer = setTimeout(resolve, graceMs, undefined)
  }
  if (signal.aborted) onAbort()
  else signal.addEventListener('abort', onAbort, { once: true })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', onAbort)
  }
}
