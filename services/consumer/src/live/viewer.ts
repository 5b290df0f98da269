import type { ServerResponse } from 'node:http'
import { LIVE_EVENTS, type LiveEnd } from '@linkerd-scenario/contract'

/** How much a viewer may leave unread before it loses batches, bytes. */
const BUFFER_BYTES = 64 * 1024
/** How long the last events of a stream may take to be sent. */
const END_MS = 1000
/** A viewer whose buffer has been full for this long is disconnected. */
const FULL_MS = 120_000
/** How soon a browser reconnects after the stream has ended: `retry` of https://html.spec.whatwg.org/#server-sent-events. */
const RETRY_MS = 1000

/** One open stream of server-sent events. Batches that it cannot take are dropped and counted. */
export class Viewer {
  readonly #response: ServerResponse
  #dropped = 0
  #lostState = false
  #fullSince: number | undefined

  constructor(response: ServerResponse) {
    this.#response = response
    // A write may fail because the connection has ended; `close` reports that.
    response.on('error', () => {})
    response.write(`retry: ${RETRY_MS}\n\n`)
  }

  /** Sends a batch, the JSON text of an object, with this viewer's count of dropped batches; or counts it as dropped. */
  batch(json: string, stateJson: () => string, now: number): void {
    if (this.#isFull(now)) {
      this.#dropped += 1
      return
    }
    if (this.#lostState) this.state(stateJson(), now)
    this.#send(LIVE_EVENTS.batch, `${json.slice(0, -1)},"dropped":${this.#dropped}}`)
  }

  /** Sends the state; if there is no room, sends it before the next batch. */
  state(json: string, now: number): void {
    this.#lostState = this.#isFull(now)
    if (!this.#lostState) this.#send(LIVE_EVENTS.state, json)
  }

  /** Sends the reason, and ends the stream. */
  end(reason: LiveEnd['reason']): void {
    if (this.#response.writableEnded) return
    const end: LiveEnd = { reason }
    this.#send(LIVE_EVENTS.end, JSON.stringify(end))
    this.#response.end()
    setTimeout(() => this.#response.destroy(), END_MS).unref()
  }

  #send(event: string, data: string): void {
    if (this.#response.writable) this.#response.write(`event: ${event}\ndata: ${data}\n\n`)
  }

  #isFull(now: number): boolean {
    if (this.#response.writableLength <= BUFFER_BYTES) {
      this.#fullSince = undefined
      return false
    }
    this.#fullSince ??= now
    if (now - this.#fullSince > FULL_MS) this.#response.destroy()
    return true
  }
}
