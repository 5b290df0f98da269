import { isSaneRequestId } from '@linkerd-scenario/contract'
import { LRUCache } from 'lru-cache'

const MAX_REQUEST_IDS = 50_000
const FORGOTTEN_AFTER_MS = 10 * 60_000

/** Counts how often this process has seen a request id: a retry of the mesh carries the id of the first attempt. */
export class Attempts {
  // Made for the first id: it takes room for all of them at once, which is some milliseconds of the start.
  #seen: LRUCache<string, number> | undefined

  /** The number of this attempt, from 1. Without a usable id each request is a first attempt. */
  next(requestId: unknown): number {
    if (!isSaneRequestId(requestId)) return 1
    this.#seen ??= new LRUCache({
      max: MAX_REQUEST_IDS,
      ttl: FORGOTTEN_AFTER_MS,
      // Reads the clock at most once a second.
      ttlResolution: 1000,
    })
    const attempt = (this.#seen.get(requestId) ?? 0) + 1
    this.#seen.set(requestId, attempt)
    return attempt
  }
}
