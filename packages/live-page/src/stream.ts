import type { LiveBatch, LiveState } from '@linkerd-scenario/contract'
import { LIVE_EVENTS, LIVE_PATHS } from '@linkerd-scenario/contract/live-limits'

export interface StreamHandlers {
  onState: (state: LiveState) => void
  onBatch: (batch: LiveBatch) => void
  onDraining: () => void
  onLost: () => void
}

const FIRST_WAIT_MS = 500
const LONGEST_WAIT_MS = 8000
/** The consumer sends a batch a second even when nothing happens. */
const SILENCE_MS = 10_000

/** The URL of a path of the consumer, as seen from the page: the page may be served behind a path prefix. */
export const urlOf = (path: string): string => new URL(path.slice(1), document.baseURI).href

/**
 * Reads the stream of the consumer, for ever: it reconnects after an end, an error and a silence. EventSource would give
 * up by itself after an answer that is not 200, as a port-forward or an ingress sends while the pod is replaced.
 */
export function readStream({ onState, onBatch, onDraining, onLost }: StreamHandlers): void {
  let source: EventSource | undefined
  let waitMs = FIRST_WAIT_MS
  let silence: number | undefined
  let again: number | undefined

  const reconnect = () => {
    source?.close()
    window.clearTimeout(silence)
    window.clearTimeout(again)
    again = window.setTimeout(connect, waitMs)
    waitMs = Math.min(LONGEST_WAIT_MS, waitMs * 1.6)
  }
  const lost = () => {
    onLost()
    reconnect()
  }
  const heard = () => {
    waitMs = FIRST_WAIT_MS
    window.clearTimeout(silence)
    silence = window.setTimeout(lost, SILENCE_MS)
  }
  const connect = () => {
    source = new EventSource(urlOf(LIVE_PATHS.stream))
    source.addEventListener(LIVE_EVENTS.state, ({ data }) => {
      heard()
      onState(JSON.parse(data) as LiveState)
    })
    source.addEventListener(LIVE_EVENTS.batch, ({ data }) => {
      heard()
      onBatch(JSON.parse(data) as LiveBatch)
    })
    source.addEventListener(LIVE_EVENTS.end, () => {
      onDraining()
      reconnect()
    })
    source.addEventListener('error', lost)
  }
  connect()
}
