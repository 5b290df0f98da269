/** What a caller may send and how long it may take. */
export interface Limits {
  bodyBytes: number
  /** Request line and headers together. */
  headerBytes: number
  headersTimeoutMs: number
  /** Time from the first byte of a request to the last byte of its body. */
  requestTimeoutMs: number
  /** Most connections; a connection above this number gets 503 and is closed. */
  connections: number
  /** Requests are shed while the mean delay of the event loop, or the wait in the queue, is above this, ms. */
  eventLoopDelayMs: number
}

export const DEFAULT_LIMITS: Limits = {
  bodyBytes: 1024 * 1024,
  headerBytes: 16 * 1024,
  headersTimeoutMs: 20_000,
  requestTimeoutMs: 60_000,
  connections: 2048,
  eventLoopDelayMs: 150,
}

/**
 * How long a connection may be idle. Linkerd's proxy closes its connections to the application after 3 s without use.
 * The application must wait longer, or a request could arrive on a connection that it is just closing.
 */
export const KEEP_ALIVE_TIMEOUT_MS = 65_000
