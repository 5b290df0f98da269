import { fstatSync, writeSync } from 'node:fs'
import type { DestinationStream } from 'pino'

const STDOUT = 1
/** Lines are buffered up to this many characters, because a write per line is expensive. */
const GATHERED_CHARACTERS = 16 * 1024
/** Lines are buffered for at most this time. */
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
  makeStdoutNonBlocking(host)
  const destination = new BufferedStdout()
  host.on('exit', () => destination.flushSync())
  return destination
}

class BufferedStdout implements LogDestination {
  #gathered = ''
  /** What the reader has not taken yet of the lines before `#gathered`. */
  #pending: Buffer | undefined
  #timer: NodeJS.Timeout | undefined

  write(line: string): void {
    if (this.#gathered.length > MAX_WAITING_CHARACTERS) return
    this.#gathered += line
    if (this.#gathered.length >= GATHERED_CHARACTERS && this.#pending === undefined) this.#writeOutOrRetry()
    else this.#timer ??= setTimeout(this.#writeOutOrRetry, FLUSH_INTERVAL_MS).unref()
  }

  flushSync(): void {
    let unread = Number.POSITIVE_INFINITY
    let deadline = Date.now() + STALLED_READER_MS
    while (!this.#writeOut() && Date.now() < deadline) {
      const left = (this.#pending?.length ?? 0) + this.#gathered.length
      if (left < unread) deadline = Date.now() + STALLED_READER_MS
      unread = left
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, RETRY_INTERVAL_MS)
    }
  }

  readonly #writeOutOrRetry = (): void => {
    clearTimeout(this.#timer)
    this.#timer = this.#writeOut() ? undefined : setTimeout(this.#writeOutOrRetry, RETRY_INTERVAL_MS).unref()
  }

  /** Writes as much as the reader takes; true when nothing is left. */
  #writeOut(): boolean {
    try {
      while (this.#pending !== undefined || this.#gathered !== '') {
        if (this.#pending === undefined) {
          this.#pending = Buffer.from(this.#gathered)
          this.#gathered = ''
        }
        const written = writeSync(STDOUT, this.#pending)
        this.#pending = written < this.#pending.length ? this.#pending.subarray(written) : undefined
      }
      return true
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return false
      // The reader is gone, or the disk is full, and there is no other place to report it.
      this.#pending = undefined
      return true
    }
  }
}

/**
 * Makes a write to a pipe return at once, even if the reader takes nothing: Node sets the pipe to that mode when its stream
 * is first used. A file or a terminal takes every write at once.
 */
function makeStdoutNonBlocking(host: NodeJS.Process): void {
  const stdout = fstatSync(STDOUT)
  if (stdout.isFIFO() || stdout.isSocket()) host.stdout.on('error', () => {})
}
