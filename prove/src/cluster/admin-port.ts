import { type BurstReport, BurstReportSchema, HEADER, type Info, InfoSchema } from '@linkerd-scenario/contract'
import type { TSchema } from 'typebox'
import { Value } from 'typebox/value'
import type { BurstRequest } from './test-namespace.ts'

/** The connection to a pod broke before the whole answer arrived: the observation has to start again. */
export class WayLost extends Error {}

/** The admin port of one pod, reached through a local port. */
export class AdminPort {
  readonly #origin: string
  readonly #signal: AbortSignal

  constructor(port: number, signal: AbortSignal) {
    this.#origin = `http://127.0.0.1:${port}`
    this.#signal = signal
  }

  /** Rejects with a WayLost, or with an Error that contains the answer. */
  async burst({ n, concurrency = 8, rate, fresh, fault, route }: BurstRequest): Promise<BurstReport> {
    const query = new URLSearchParams({ n: String(n), concurrency: String(concurrency), detail: 'true' })
    if (rate !== undefined) query.set('rate', String(rate))
    if (fresh) query.set('fresh', 'true')
    const headers = {
      ...(fault === undefined ? {} : { [HEADER.fault]: fault }),
      ...(route === undefined ? {} : { [HEADER.route]: route }),
    }
    return this.#ask(`/burst?${query}`, { method: 'POST', headers }, BurstReportSchema)
  }

  info(): Promise<Info> {
    return this.#ask('/info', {}, InfoSchema)
  }

  /** Applies a fault to all requests of the pod; undefined removes it. */
  async setFaults(faults: string | undefined): Promise<void> {
    await this.#text(
      '/faults',
      faults === undefined
        ? { method: 'DELETE' }
        : { method: 'PUT', headers: { 'content-type': 'text/plain' }, body: faults },
    )
  }

  /** The response body of a path, as text. */
  async text(path: string): Promise<string> {
    return this.#text(path, {})
  }

  async #ask<Shape>(path: string, init: RequestInit, schema: TSchema): Promise<Shape> {
    const body: unknown = JSON.parse(await this.#text(path, init))
    const [wrong] = Value.Errors(schema, body)
    if (wrong !== undefined) {
      throw new Error(`The answer to ${path} is not of this prover's version: ${wrong.instancePath} ${wrong.message}`)
    }
    return body as Shape
  }

  async #text(path: string, init: RequestInit): Promise<string> {
    try {
      const response = await fetch(this.#origin + path, { ...init, signal: this.#signal })
      const text = await response.text()
      if (response.ok) return text
      throw new Error(`${init.method ?? 'GET'} ${path} was answered ${response.status}: ${text.slice(0, 300)}`)
    } catch (error) {
      this.#signal.throwIfAborted()
      // fetch throws this one error for every connection failure.
      if (error instanceof TypeError) throw new WayLost(`The way to ${this.#origin}${path} broke`, { cause: error })
      throw error
    }
  }
}
