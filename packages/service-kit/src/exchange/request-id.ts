import type { IncomingMessage } from 'node:http'
import { HEADER, isSaneRequestId } from '@linkerd-scenario/contract'

/** The caller's x-request-id where it is sane, else a new UUID. */
export function requestIdOf(request: IncomingMessage): string {
  const given = request.headers[HEADER.requestId]
  return isSaneRequestId(given) ? given : newRequestId()
}

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

/**
 * A random UUID (RFC 9562 §5.4). It must differ from all others, not be hard to guess: so it does without node:crypto,
 * which takes 3 ms to load, a twentieth of the start.
 */
export function newRequestId(): string {
  const [a, b, c, d] = [random32(), random32(), random32(), random32()]
  return `${hex(a >> 16)}${hex(a)}-${hex(b >> 16)}-${hex((b & 0x0fff) | 0x4000)}-${hex(((c >> 16) & 0x3fff) | 0x8000)}-${hex(c)}${hex(d >> 16)}${hex(d)}`
}

function random32(): number {
  return (Math.random() * 0x1_0000_0000) | 0
}

/** The lower 16 bits as four digits. */
function hex(bits: number): string {
  return `${HEX[(bits >> 8) & 0xff]}${HEX[bits & 0xff]}`
}
