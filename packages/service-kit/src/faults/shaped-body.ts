import { Readable } from 'node:stream'

const SPACES = Buffer.alloc(64 * 1024, ' ')

/** A body that a fault has changed: its announced length, and a stream of the bytes that are really sent. */
export interface ShapedBody {
  contentLength: number
  stream: Readable
}

/**
 * Fills `body` with spaces behind it until it has `size` bytes (one that is longer stays as it is), and cuts what is
 * sent after `truncate` bytes. Spaces behind a JSON text are part of no value (RFC 8259 §2): message and hops stay
 * as they are, and so does a text. The filling is streamed: 10 MiB cost no memory.
 */
export function shapeBody(body: Buffer, size = 0, truncate = Number.POSITIVE_INFINITY): ShapedBody {
  const contentLength = Math.max(body.length, size)
  return { contentLength, stream: Readable.from(chunks(body, Math.min(contentLength, truncate))) }
}

function* chunks(body: Buffer, bytes: number): Generator<Buffer> {
  if (bytes > 0 && body.length > 0) yield body.subarray(0, bytes)
  for (let left = bytes - body.length; left > 0; left -= SPACES.length) {
    yield SPACES.subarray(0, Math.min(left, SPACES.length))
  }
}
