import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { HEADER, isSaneRequestId } from '@linkerd-scenario/contract'

/** The caller's x-request-id where it is sane, else a new UUID. */
export function requestIdOf(request: IncomingMessage): string {
  const given = request.headers[HEADER.requestId]
  return isSaneRequestId(given) ? given : randomUUID()
}
