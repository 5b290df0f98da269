import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

/** A connection that has sent nothing for this long will not send a first request. */
const SILENT_MS = 500

/**
 * What a connection is busy with. Node's own `closeIdleConnections` takes one for idle whose answer is complete but not
 * yet read: it would cut the answer of a slow reader. And it takes one for busy that has never sent a byte.
 */
export class Connection {
  readonly #socket: Socket
  readonly #openSince = performance.now()
  /** Requests that have no whole answer yet. */
  #open = 0
  /** Bytes that had been read when the last answer was out; more belong to a request that is still arriving. */
  #bytesRead = 0

  constructor(socket: Socket) {
    this.#socket = socket
  }

  /** A request has come, and `response` is its answer. */
  begin(response: ServerResponse): void {
    this.#open += 1
    response.once('close', this.#end)
  }

  get isIdle(): boolean {
    const { bytesRead, writableLength } = this.#socket
    if (this.#open > 0 || writableLength > 0 || bytesRead > this.#bytesRead) return false
    return bytesRead > 0 || performance.now() - this.#openSince > SILENT_MS
  }

  readonly #end = (): void => {
    this.#open -= 1
    this.#bytesRead = this.#socket.bytesRead
  }
}
