import { type DestinationStream, pino } from 'pino'
import { gatherLines } from './gather-lines.ts'

const STDOUT = 1
/** A write a line costs half a request: so lines are gathered, up to this many characters … */
const GATHERED_CHARACTERS = 32 * 1024
/** … and no longer than this. */
const GATHERED_MS = 50
/** A batch in one write, also where its characters take several bytes. */
const LARGEST_WRITE_BYTES = 4 * GATHERED_CHARACTERS
/** Lines that wait for a reader who has stopped reading are dropped above this, rather than all of the memory taken. */
const MAX_WAITING_BYTES = 8 * 1024 * 1024

/**
 * stdout, written to without blocking. What is gathered goes out within 50 ms, and at the end of the process, however it
 * ends, all of it: only SIGKILL can lose those 50 ms.
 */
export function logDestination(): DestinationStream {
  const stdout = pino.destination({
    dest: STDOUT,
    sync: false,
    minLength: 1,
    maxLength: MAX_WAITING_BYTES,
    maxWrite: LARGEST_WRITE_BYTES,
  })
  return gatherLines(stdout, { characters: GATHERED_CHARACTERS, intervalMs: GATHERED_MS })
}
