import { fstatSync, writeSync } from 'node:fs'
import type { DestinationStream } from 'pino'

const STDOUT = 1
/** Lines are buffered up to this many characters, because a write per line is expensive … */
const GATHERED_CHARACTERS = 16 * 1024
/** … and for at most this time. */
const FLUSH_INTERVAL_MS = 50
/** Time until the next write after a reader did not keep up. */
const RETRY_INTERVAL_MS = 5
/** Lines above this are dropped if the reader has stopped, so that they do not fill the memory. */
const MAX_WAITING_CHARACTERS = 8 * 1024 * 1024
/** At its end the process waits this long for a reader that does not read. */
const STALLED_READER_MS = 5000

export interface LogDestination extends DestinationStream {
  /** Writes all buffered lines and waits for the reader, at the end of the process. */
  flushSync(): void
}

/**
 * Writes to stdout without blocking. Buffered lines are written within 50 ms, and all of them when the process ends. Only
 * SIGKILL can lose the lines of the last 50 ms.
 *
 * Every write is made here, in order, by the one thread: pino's own stream leaves writes to another thread, and can
 * neither wait for the one under way when the process ends nor keep its lines apart from those it then writes itself.
 */
export function logDestination(host: NodeJS.Process = process): LogDestination {
  takeNoWaitingWrites(host)
  let gathered = ''
  let pending: Buffer | undefined
  let timer: NodeJS.Timeout | undefined

  /** Writes as much as the reader takes; true when nothing is left. */
  function writeOut(): boolean {
    try {
      while (pending !== undefined || gathered !== '') {
        if (pending === undefined) {
          pending = Buffer.from(gathered)
          gathered = ''
        }
        const written = writeSync(STDOUT, pending)
        pending = written < pending.length ? pending.subarray(written) : undefined
      }
      return true
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return false
      // The reader is gone, or the disk full: there is nowhere to tell it.
      pending = undefined
      return true
    }
  }

  function writeOutOrRetry(): void {
    clearTimeout(timer)
    timer = writeOut() ? undefined : setTimeout(writeOutOrRetry, RETRY_INTERVAL_MS).unref()
  }

  function flushSync(): void {
    let unread = Number.POSITIVE_INFINITY
    let deadline = Date.now() + STALLED_READER_MS
    while (!writeOut() && Date.now() < deadline) {
      const left = (pending?.length ?? 0) + gathered.length
      if (left < unread) deadline = Date.now() + STALLED_READER_MS
      unread = left
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, RETRY_INTERVAL_MS)
    }
  }

  host.on('exit', flushSync)
  return {
    write(line: string): void {
      if (gathered.length > MAX_WAITING_CHARACTERS) return
      gathered += line
      if (gathered.length >= GATHERED_CHARACTERS && pending === undefined) writeOutOrRetry()
      else timer ??= setTimeout(writeOutOrRetry, FLUSH_INTERVAL_MS).unref()
    },
    flushSync,
  }
}

/**
 * Makes writes to a pipe return at once, taken or not: Node sees to that when its stream is first asked for. A file or a
 * terminal takes them at once.
 */
function takeNoWaitingWrites(host: NodeJS.Process): void {
  const stdout = fstatSync(STDOUT)
  if (stdout.isFIFO() || stdout.isSocket()) host.stdout.on('error', () => {})
}
