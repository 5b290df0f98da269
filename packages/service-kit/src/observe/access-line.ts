import { type Logger, symbols } from 'pino'
import { isoTime } from './iso-time.ts'

const INFO = 30

/** Writes a line at level info: its fields as JSON text, each with a comma before it, and its message. */
export type LineWriter = (fields: string, message: string) => void

/**
 * Writes lines with the bindings and into the stream of `log`. pino itself would take five times as long: it looks for
 * serializers and for what to mask in each field. So nothing may be written here that has to be masked.
 */
export function lineWriter(log: Logger): LineWriter {
  const internals = log as unknown as {
    [symbols.streamSym]: { write(line: string): void }
    [symbols.chindingsSym]: string
  }
  const stream = internals[symbols.streamSym]
  const bindings = internals[symbols.chindingsSym]
  let lastTime = ''
  let start = ''
  return (fields, message) => {
    if (log.levelVal > INFO) return
    const time = isoTime()
    if (time !== lastTime) {
      lastTime = time
      // Joined, not added: a sum is put together only when it is read, with each line anew.
      start = ['{"level":"info","time":"', time, '"', bindings].join('')
    }
    stream.write(`${start}${fields},"msg":"${message}"}\n`)
  }
}

/** A field as JSON text, a comma before it; nothing for undefined. */
export function textField(name: string, value: unknown): string {
  return value === undefined ? '' : `,"${name}":${JSON.stringify(value)}`
}
