import { type DestinationStream, pino } from 'pino'

const STDOUT = 1
/** A write a line costs half a request: so lines are gathered, up to this many bytes … */
const GATHERED_BYTES = 8192
/** … and no longer than this. */
const FLUSH_INTERVAL_MS = 50
/** Lines that wait for a reader who has stopped reading are dropped above this, rather than all of the memory taken. */
const MAX_WAITING_BYTES = 8 * 1024 * 1024

/**
 * stdout, written to without blocking. What is gathered goes out within 50 ms, and at the end of the process, however it
 * ends, all of it: only SIGKILL can lose those 50 ms.
 */
export function logDestination(): DestinationStream {
  return pino.destination({
    dest: STDOUT,
    sync: false,
    minLength: GATHERED_BYTES,
    periodicFlush: FLUSH_INTERVAL_MS,
    maxLength: MAX_WAITING_BYTES,
  })
}
