import type { IncomingMessage } from 'node:http'
import { HEADER } from '@linkerd-scenario/contract'
import { LRUCache } from 'lru-cache'

const SANE_REQUEST_ID = /^[\w.:+/=@-]{1,128}$/
const MAX_REQUEST_IDS = 50_000
const FORGOTTEN_AFTER_MS = 10 * 60_000

/** The caller's x-request-id if it is usable, else a new UUID. */
export function requestIdOf(request: IncomingMessage): string {
  const given = request.headers[HEADER.requestId]
  return isSaneRequestId(given) ? given : newRequestId()
}

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

/**
 * A random UUID (RFC 9562 §5.4). It must be unique, not hard to guess, so it does without node:crypto, which takes 3 ms of
 * the start to load (docs/adr/0002-bundle-and-start.md).
 */
export function newRequestId(): string {
  const [a, b, c, d] = [random32(), random32(), random32(), random32()]
  return `${hex(a >> 16)}${hex(a)}-${hex(b >> 16)}-${hex((b & 0x0fff) | 0x4000)}-${hex(((c >> 16) & 0x3fff) | 0x8000)}-${hex(c)}${hex(d >> 16)}${hex(d)}`
}

function random32(): number {
  return (Math.random() * 0x1_0000_0000) | 0
}

/** The lower 16 bits as four digits. */
function hex(bits: number): string {
  return `${HEX[(bits >> 8) & 0xff]}${HEX[bits & 0xff]}`
}

/** Counts how often this process has seen a request id: a retry of the mesh carries the id of the first attempt. */
export class Attempts {
  // Created for the first id, because the cache allocates all of its memory at once.
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

/** Whether a caller's `x-request-id` is used: 1 to 128 characters that need no quoting in headers, logs and labels. */
export function isSaneRequestId(value: unknown): value is string {
  return typeof value === 'string' && SANE_REQUEST_ID.test(value)
}
