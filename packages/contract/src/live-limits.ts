// Without a schema, so that the browser client can import it without TypeBox.

/** Paths of the live page on the consumer's admin port. The page uses them without the slash, relative to its own URL. */
export const LIVE_PATHS = {
  page: '/',
  /** Server-sent events. */
  stream: '/live',
  state: '/live/state',
  traffic: '/live/traffic',
  reset: '/live/reset',
  assets: '/assets/',
} as const

/** `state` carries a LiveState, `batch` a LiveBatch, `end` a LiveEnd. */
export const LIVE_EVENTS = { state: 'state', batch: 'batch', end: 'end' } as const

export const LIVE_LIMITS = {
  /** Calls a second. */
  rate: 1000,
  concurrency: 256,
  inLength: 1000,
  minutes: 240,
  viewers: 8,
  /** Cells of one batch: up to about 150 calls a second each call has one. */
  cells: 16,
  /** Different values that are counted under their own name; the others are counted as "other". */
  names: 50,
} as const

/** A batch while calls end, milliseconds. While none ends there is one a second. */
export const LIVE_BATCH_MS = 100

/** Upper bounds of the latency buckets, milliseconds. One more bucket holds what is above the last. */
export const LIVE_LATENCY_BOUNDS_MS = [
  0.5, 0.75, 1, 1.5, 2, 3, 4, 5, 7.5, 10, 15, 20, 30, 40, 50, 75, 100, 150, 200, 300, 400, 500, 750, 1000, 1500, 2000,
  3000, 4000, 5000, 7500, 10_000,
] as const
