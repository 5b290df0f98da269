/** What a caller may send and how long it may take. */
export interface Limits {
  bodyBytes: number
  /** Request line and headers together. */
  headerBytes: number
  headersTimeoutMs: number
  /** From the first byte of a request to the last of its body. */
  requestTimeoutMs: number
  /** Above it a connection gets 503 and is closed. */
  connections: number
  /** Mean delay of the event loop, and wait of a request for its turn, ms, above which requests are shed. */
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
 * How long a connection may idle. Linkerd's proxy drops connections to the application after 3 s without use: the
 * application must be the second to do so, or a request meets a connection that is just being closed.
 */
export const KEEP_ALIVE_TIMEOUT_MS = 65_000
