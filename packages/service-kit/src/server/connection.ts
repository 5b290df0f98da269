import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

/** A connection that has sent nothing for this long will not send a first request. */
const SILENT_MS = 500

/** The property of a socket that holds its record. */
export const CONNECTION = Symbol('connection')

/** The work on a connection. */
export interface Connection {
  readonly openSince: number
  /** Requests whose answer is not yet written. */
  open: number
  /** Responses that wait behind others, where requests were pipelined. */
  readonly queued: Set<ServerResponse>
  /** Bytes read when the last answer was written. More bytes mean that a request is arriving. */
  bytesRead: number
}

/** A socket with its record. */
export type TrackedSocket = Socket & { [CONNECTION]?: Connection }

/** Adds a record to a socket. */
export function trackConnection(socket: TrackedSocket): void {
  socket[CONNECTION] = { openSince: performance.now(), open: 0, queued: new Set(), bytesRead: 0 }
}

/**
 * Whether a connection has no request in flight and no answer that is not yet read. Node's `closeIdleConnections` differs
 * in two ways: it cuts off a slow reader whose answer is complete but not yet read, and it never closes a connection that
 * has sent no byte.
 */
export function isIdle(socket: TrackedSocket): boolean {
  const connection = socket[CONNECTION]
  if (connection === undefined) return false
  const { bytesRead, writableLength } = socket
  if (connection.open > 0 || writableLength > 0 || bytesRead > connection.bytesRead) return false
  return bytesRead > 0 || performance.now() - connection.openSince > SILENT_MS
}
