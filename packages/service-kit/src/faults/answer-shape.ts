import { Readable } from 'node:stream'

const SPACES = Buffer.alloc(64 * 1024, ' ')

/** How faults change an answer of the service. */
export interface AnswerShape {
  /** The body is filled with spaces up to this length; a longer one stays as it is. */
  minimumBytes: number
  /** The body is cut after this many bytes, and its announced length stays. */
  sentBytes: number
  /** Headers that the answer gets. */
  headers: Record<string, string>
}

/** A body that a fault has changed: its announced length, and a stream of the bytes that are really sent. */
export interface ShapedBody {
  contentLength: number
  stream: Readable
}

/** A shape that changes nothing. */
export function newAnswerShape(): AnswerShape {
  return { minimumBytes: 0, sentBytes: Number.POSITIVE_INFINITY, headers: {} }
}

/**
 * Changes `body` as the shape says. Spaces after a JSON text are part of no value (RFC 8259 §2), so message and hops
 * stay the same. The filling is streamed: 10 MiB take no memory.
 */
export function shapeBody(body: Buffer, { minimumBytes, sentBytes }: AnswerShape): ShapedBody {
  const contentLength = Math.max(body.length, minimumBytes)
  return { contentLength, stream: Readable.from(chunks(body, Math.min(contentLength, sentBytes))) }
}

function* chunks(body: Buffer, bytes: number): Generator<Buffer> {
  if (bytes > 0 && body.length > 0) yield body.subarray(0, bytes)
  for (let left = bytes - body.length; left > 0; left -= SPACES.length) {
    yield SPACES.subarray(0, Math.min(left, SPACES.length))
  }
}
