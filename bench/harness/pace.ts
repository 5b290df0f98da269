/** Calls at a constant rate. */
export interface Pace {
  /** Calls per second. */
  rate: number
  calls: number
}

/** How many of the calls are due by now. */
export interface Due {
  /** On the clock of `monotonicMs`. */
  startedAtMs: number
  due: number
}

/** When a call is due, by its number from 0. */
export function dueAtMs(startedAtMs: number, rate: number, call: number): number {
  return startedAtMs + (call * 1000) / rate
}

/** A clock that all threads of a process share; performance.now() starts at 0 in each thread. */
export function monotonicMs(): number {
  return Number(process.hrtime.bigint()) / 1e6
}
