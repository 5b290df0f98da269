import type { ServerResponse } from 'node:http'
import {
  LIVE_BATCH_MS,
  LIVE_LIMITS,
  type LiveState,
  parseFaults,
  type TrafficSettings,
} from '@linkerd-scenario/contract'
import { newRequestId, type ServiceRuntime } from '@linkerd-scenario/service-kit'
import type { ConsumerConfig } from '../config.ts'
import { consumerErrors } from '../errors.ts'
import { callerOf } from './call.ts'
import { type StartedCall, Traffic } from './traffic.ts'
import { Viewer } from './viewer.ts'

/** How long calls in flight may keep the streams open once the process drains. */
const LAST_CALLS_MS = 1000

const now = () => performance.timeOrigin + performance.now()

/**
 * The traffic of the live page, shared by all viewers of this process. It makes calls while someone watches, and sends
 * every viewer the same events.
 */
export class LiveTraffic {
  readonly #runtime: ServiceRuntime<ConsumerConfig>
  readonly #caller: ReturnType<typeof callerOf>
  readonly #traffic = new Traffic(now())
  readonly #viewers = new Set<Viewer>()
  #isMeshed = false
  #idPrefix = newRequestId()
  #callTimer: NodeJS.Timeout | undefined
  #batchTimer: NodeJS.Timeout | undefined
  #drainingSince: number | undefined

  constructor(runtime: ServiceRuntime<ConsumerConfig>) {
    this.#runtime = runtime
    this.#caller = callerOf(runtime)
  }

  /** Throws TOO_MANY_VIEWERS when the maximum number of streams is open. */
  admit(): void {
    if (this.#viewers.size < LIVE_LIMITS.viewers) return
    throw consumerErrors.TOO_MANY_VIEWERS({
      detail: `${LIVE_LIMITS.viewers} viewers are already watching: close one of their pages`,
      headers: { 'retry-after': '5' },
    })
  }

  /** Sends events on a response whose headers have been written, until it closes. */
  addViewer(response: ServerResponse): void {
    const viewer = new Viewer(response)
    this.#viewers.add(viewer)
    response.once('close', () => this.#removeViewer(viewer))
    this.#batchTimer ??= setInterval(() => this.#tick(), LIVE_BATCH_MS)
    this.#tellState()
    void this.#readMesh()
  }

  /** Applies the settings. Without a viewer the traffic does not start. */
  configure(settings: TrafficSettings): LiveState {
    this.#traffic.configure(settings, now())
    if (this.#runtime.readiness.status === 'draining') this.#traffic.stop('draining')
    else if (this.#traffic.stopped === null && this.#viewers.size === 0) this.#traffic.stop('no-viewers')
    this.#makeCalls()
    return this.#tellState()
  }

  reset(): LiveState {
    this.#traffic.reset(now())
    this.#idPrefix = newRequestId()
    return this.#tellState()
  }

  state(): LiveState {
    const { settings, stopped, until, resetAt } = this.#traffic
    const { identity, settings: config } = this.#runtime
    return {
      settings,
      faults: settings.fault === '' ? [] : parseFaults(settings.fault),
      running: stopped === null,
      stopped,
      until,
      resetAt,
      now: now(),
      viewers: this.#viewers.size,
      consumer: { version: identity.version, pod: identity.pod, meshed: this.#isMeshed },
      provider: `${config.PROVIDER_HOST}:${config.PROVIDER_PORT}`,
    }
  }

  /** Stops the traffic, waits a moment for the calls in flight, and ends all streams. */
  drain(): void {
    this.#stop('draining')
    this.#drainingSince ??= now()
    if (this.#traffic.inFlight > 0 && now() - this.#drainingSince < LAST_CALLS_MS) return
    this.endStreams()
  }

  /** Sends a last batch on all streams, and ends them. */
  endStreams(): void {
    this.#stop('draining')
    this.#sendBatch()
    for (const viewer of this.#viewers) viewer.end('draining')
  }

  /** Aborts the calls in flight. */
  async close(): Promise<void> {
    this.#stop('draining')
    clearInterval(this.#batchTimer)
    await this.#caller.close()
  }

  #removeViewer(viewer: Viewer): void {
    this.#viewers.delete(viewer)
    if (this.#viewers.size === 0) {
      if (this.#traffic.stopped === null) this.#stop('no-viewers')
      clearInterval(this.#batchTimer)
      this.#batchTimer = undefined
    }
    this.#tellState()
  }

  #stop(reason: 'no-viewers' | 'draining'): void {
    if (this.#traffic.stopped === reason) return
    this.#traffic.stop(reason)
    clearTimeout(this.#callTimer)
    this.#tellState()
  }

  #makeCalls(): void {
    clearTimeout(this.#callTimer)
    for (const call of this.#traffic.due(now())) void this.#makeCall(call)
    if (this.#traffic.stopped === 'limit') this.#tellState()
    const waitMs = this.#traffic.nextAt - now()
    if (waitMs === Number.POSITIVE_INFINITY) return
    this.#callTimer = setTimeout(() => this.#makeCalls(), Math.max(1, Math.ceil(waitMs)))
  }

  async #makeCall(started: StartedCall): Promise<void> {
    const requestId = `${this.#idPrefix}.${started.id}`
    const { in: text, fault, route } = this.#traffic.settings
    const result = await this.#caller.call({ requestId, text, fault, route })
    this.#traffic.ended({ ...started, requestId }, result, now())
  }

  #tick(): void {
    if (this.#runtime.readiness.status === 'draining') this.drain()
    else this.#sendBatch()
  }

  #sendBatch(): void {
    const batch = this.#traffic.batch(now())
    if (batch === undefined) return
    const json = JSON.stringify({ ...batch, viewers: this.#viewers.size })
    const stateJson = () => JSON.stringify(this.state())
    for (const viewer of this.#viewers) viewer.batch(json, stateJson, now())
  }

  #tellState(): LiveState {
    const state = this.state()
    const json = JSON.stringify(state)
    for (const viewer of this.#viewers) viewer.state(json, now())
    return state
  }

  async #readMesh(): Promise<void> {
    const { meshed } = await this.#runtime.mesh.read()
    if (meshed === this.#isMeshed) return
    this.#isMeshed = meshed
    this.#tellState()
  }
}
