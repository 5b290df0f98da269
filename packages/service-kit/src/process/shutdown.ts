import type { FastifyInstance } from 'fastify'
import type { RequestCount } from '../exchange/exchange-plugin.ts'
import type { ServiceRuntime } from '../runtime.ts'
import { type DrainCommand, type DrainEvent, nextDrainStep, SERVING } from './drain-state.ts'

/** How often idle connections are closed and requests in flight are checked. */
const SWEEP_INTERVAL_MS = 25
/** Longest wait for the export of the last spans. */
const FLUSH_WITHIN_MS = 2000

/** The servers that listen so far. */
export interface OpenServers {
  api: FastifyInstance
  admin?: FastifyInstance
}

/**
 * Stops the process on SIGTERM or SIGINT. `drain-state.ts` decides; this class has the timers, the servers and the exit.
 * Exit status: 0, 1 if connections were cut, 143 or 130 after a second signal.
 */
export class Shutdown {
  readonly #host: NodeJS.Process
  readonly #runtime: ServiceRuntime
  readonly #servers: OpenServers
  #state = SERVING
  #sweep: NodeJS.Timeout | undefined
  #cutConnections = 0

  constructor(host: NodeJS.Process, runtime: ServiceRuntime, servers: OpenServers) {
    this.#host = host
    this.#runtime = runtime
    this.#servers = servers
    host.on('SIGTERM', this.#onSignal).on('SIGINT', this.#onSignal)
  }

  /** Whether a signal has come. */
  get hasBegun(): boolean {
    return this.#state.phase !== 'serving'
  }

  /** Removes the signal handlers. */
  cancel(): void {
    this.#host.off('SIGTERM', this.#onSignal).off('SIGINT', this.#onSignal)
  }

  readonly #onSignal = (signal: NodeJS.Signals): void => {
    this.#handle({ type: 'signal', atMs: performance.now() }, signal)
  }

  #handle(event: DrainEvent, signal?: NodeJS.Signals): void {
    const { state, commands } = nextDrainStep(this.#state, event)
    this.#state = state
    for (const command of commands) this.#execute(command, signal)
  }

  #execute(command: DrainCommand, signal?: NodeJS.Signals): void {
    switch (command) {
      case 'announce':
        this.#announce()
        break
      case 'close-public':
        this.#closePublic()
        break
      case 'close-admin':
        this.#close(this.#servers.admin, 'admin-closed')
        break
      case 'cut':
        this.#cut()
        break
      case 'exit':
        // A turn later, because the records of cut requests end when their sockets close.
        setImmediate(() => void this.#exit())
        break
      case 'exit-now':
        this.#runtime.logger.warn({ signal }, 'second signal: stopped at once')
        this.#host.exit(signal === 'SIGINT' ? 130 : 143)
        break
    }
  }

  #announce(): void {
    const { readiness, requests, settings, logger } = this.#runtime
    readiness.drain()
    requests.public.beginDrain()
    requests.admin.beginDrain()
    logger.info({ delay_ms: settings.DRAIN_DELAY_MS }, 'draining')
    setTimeout(() => this.#handle({ type: 'delay-over' }), settings.DRAIN_DELAY_MS)
  }

  #closePublic(): void {
    setTimeout(() => this.#handle({ type: 'timeout' }), this.#runtime.settings.SHUTDOWN_TIMEOUT_MS)
    this.#sweep = setInterval(() => this.#tick(), SWEEP_INTERVAL_MS)
    this.#close(this.#servers.api, 'public-closed')
  }

  /**
   * `app.close()` closes only the connections that are idle when it begins. A connection with a request in flight would
   * keep the process running for the whole keep-alive time (fastify#7044), so idle connections are closed repeatedly.
   */
  #tick(): void {
    const { api, admin } = this.#servers
    const { phase, isOverdue } = this.#state
    const closing = phase === 'closing-admin' ? [api, admin] : [api]
    for (const server of closing) {
      if (isOverdue) server?.httpServers.closeAllConnections()
      else server?.httpServers.closeIdleConnections()
    }
    if (this.#runtime.requests.admin.active === 0) this.#handle({ type: 'admin-idle' })
  }

  #close(server: FastifyInstance | undefined, type: 'public-closed' | 'admin-closed'): void {
    const closed = server === undefined ? Promise.resolve() : server.close()
    closed.then(
      () => this.#handle({ type }),
      (error: unknown) => {
        this.#runtime.logger.fatal({ err: error }, 'could not stop gracefully')
        this.#host.exit(1)
      },
    )
  }

  #cut(): void {
    const { requests } = this.#runtime
    requests.public.beginCut()
    requests.admin.beginCut()
    for (const { httpServers } of [this.#servers.api, this.#servers.admin].filter((server) => server !== undefined)) {
      httpServers.closeIdleConnections()
      this.#cutConnections += httpServers.countConnections()
      httpServers.closeAllConnections()
    }
  }

  async #exit(): Promise<void> {
    clearInterval(this.#sweep)
    const { logger, requests, settings, tracing } = this.#runtime
    await tracing?.shutdown(Math.min(FLUSH_WITHIN_MS, settings.SHUTDOWN_TIMEOUT_MS))
    const cut = this.#cutConnections
    const figures = { ...figuresOf(requests.public), ...figuresOf(requests.admin, 'admin_'), cut_connections: cut }
    logger.info(figures, cut === 0 ? 'stopped, nothing was lost' : 'stopped, connections were cut')
    this.#host.exit(cut === 0 ? 0 : 1)
  }
}

function figuresOf({ answeredInDrain, cut }: RequestCount, prefix = ''): Record<string, number> {
  return { [`${prefix}answered`]: answeredInDrain, [`${prefix}cut`]: cut }
}
