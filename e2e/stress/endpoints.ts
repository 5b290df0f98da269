import { setTimeout as sleep } from 'node:timers/promises'
import { KeepAliveClient } from '@linkerd-scenario/test-kit/http-client'
import type { ServiceProcess } from '@linkerd-scenario/test-kit/service-process'
import { until } from '@linkerd-scenario/test-kit/until'

const PROBE_INTERVAL_MS = 50

interface Endpoint {
  process: ServiceProcess
  /** The result of the last probe. */
  isReady: boolean
  /** What the callers know. */
  isListed: boolean
  isRetiring: boolean
}

/**
 * The endpoints of a service, as its callers in a cluster know them: readiness is probed, and the result reaches the
 * callers `delayMs` later.
 */
export class Endpoints implements AsyncDisposable {
  readonly #endpoints: Endpoint[] = []
  readonly #delayMs: number
  readonly #prober = new KeepAliveClient()
  readonly #probing: Promise<void>[] = []
  #isOver = false
  #turn = 0

  constructor(delayMs: number) {
    this.#delayMs = delayMs
  }

  /** The next listed endpoint, in turn; the oldest of all if none is listed. */
  pick(): ServiceProcess {
    const listed = this.#endpoints.filter(({ isListed }) => isListed)
    this.#turn += 1
    const { process } = listed[this.#turn % listed.length] ?? this.#endpoints[0] ?? {}
    if (process === undefined) throw new Error('There is no endpoint')
    return process
  }

  /** Adds a process and waits until the callers know it. */
  async add(process: ServiceProcess): Promise<void> {
    const endpoint: Endpoint = { process, isReady: false, isListed: false, isRetiring: false }
    this.#endpoints.push(endpoint)
    this.#probing.push(this.#probe(endpoint))
    await until(
      () => endpoint.isListed,
      (isListed) => isListed,
      { withinMs: 30_000 },
    )
  }

  /**
   * Tells the oldest process to end, as a rollout does once its successor is known. Resolves when the callers know that
   * it is gone, to its exit status or the signal that ended it.
   */
  async retireOldest(): Promise<string> {
    const oldest = this.#endpoints.find(({ isRetiring }) => !isRetiring)
    if (oldest === undefined) throw new Error('There is no endpoint')
    oldest.isRetiring = true
    oldest.process.signal('SIGTERM')
    const { code, signal } = await oldest.process.ended
    await until(
      () => oldest.isListed,
      (isListed) => !isListed,
      { withinMs: 30_000 },
    )
    this.#endpoints.splice(this.#endpoints.indexOf(oldest), 1)
    return String(code ?? signal)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isOver = true
    await Promise.all(this.#probing)
    await this.#prober[Symbol.asyncDispose]()
    await Promise.all(this.#endpoints.map(({ process }) => process[Symbol.asyncDispose]()))
  }

  async #probe(endpoint: Endpoint): Promise<void> {
    while (!this.#isOver && this.#endpoints.includes(endpoint)) {
      await this.#look(endpoint)
      await sleep(PROBE_INTERVAL_MS)
    }
  }

  async #look(endpoint: Endpoint): Promise<void> {
    const isReady = await this.#prober.get(`${endpoint.process.adminUrl}/readyz`).then(
      ({ status }) => status === 200,
      () => false,
    )
    if (isReady === endpoint.isReady) return
    endpoint.isReady = isReady
    setTimeout(() => {
      endpoint.isListed = isReady
    }, this.#delayMs)
  }
}
