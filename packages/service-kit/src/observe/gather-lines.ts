import type { pino } from 'pino'

type Stream = ReturnType<typeof pino.destination>

export interface GatherOptions {
  /** Lines of so many characters together go out at once … */
  characters: number
  /** … and no line waits longer than this, ms. */
  intervalMs: number
}

/**
 * Makes `stream` take lines together. It gathers by itself too, but measures all that it holds at every line: the more
 * it gathers, the more a line costs.
 */
export function gatherLines(stream: Stream, { characters, intervalMs }: GatherOptions): Stream {
  const write = stream.write.bind(stream)
  const flush = stream.flush.bind(stream)
  const flushSync = stream.flushSync.bind(stream)
  const end = stream.end.bind(stream)
  let gathered = ''
  let timer: NodeJS.Timeout | undefined

  function handOn(): void {
    clearTimeout(timer)
    timer = undefined
    if (gathered === '') return
    const lines = gathered
    gathered = ''
    write(lines)
  }

  return Object.assign(stream, {
    write(line: string): boolean {
      gathered += line
      if (gathered.length >= characters) handOn()
      // Without it the process may end: its last lines go out then.
      else timer ??= setTimeout(handOn, intervalMs).unref()
      return true
    },
    flush(done?: (error?: Error) => void): void {
      handOn()
      flush(done)
    },
    flushSync(): void {
      handOn()
      flushSync()
    },
    end(): void {
      handOn()
      end()
    },
  })
}
