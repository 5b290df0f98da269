import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

/** A connection that has sent nothing for this long will not send a first request. */
const SILENT_MS = 500

/** Where a socket keeps its record. */
export const CONNECTION = Symbol('connection')

/** What a connection is busy with. */
export interface Connection {
  readonly openSince: number
  /** Requests whose answer is not out yet. */
  open: number
  /** Responses that wait behind others, where requests were pipelined. */
  readonly queued: Set<ServerResponse>
  /** Bytes that had been read when the last answer was out; more belong to a request that is still arriving. */
  bytesRead: number
}

/** A socket with its record. */
export type TrackedSocket = Socket & { [CONNECTION]?: Connection }

/** Begins the record of a connection. */
export function trackConnection(socket: TrackedSocket): void {
  socket[CONNECTION] = { openSince: performance.now(), open: 0, queued: new Set(), bytesRead: 0 }
}

/**
 * Whether no request is under way and no answer waits for its reader. Node's own `closeIdleConnections` takes a
 * connection for idle whose answer is complete but not yet read, and cuts the answer of a slow reader; and it takes one
 * for busy that has never sent a byte.
 */
export function isIdle(socket: TrackedSocket): boolean {
  const connection = socket[CONNECTION]
  if (connection === undefined) return false
  const { bytesRead, writableLength } = socket
  if (connection.open > 0 || writableLength > 0 || bytesRead > connection.bytesRead) return false
  return bytesRead > 0 || performance.now() - connection.openSince > SILENT_MS
}
