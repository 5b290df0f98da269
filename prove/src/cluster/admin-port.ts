import { type BurstReport, BurstReportSchema, HEADER, type Info, InfoSchema } from '@linkerd-scenario/contract'
import type { TSchema } from 'typebox'
import { Value } from 'typebox/value'
import type { AdminRequest } from '../by-hand/curl.ts'
import type { BurstRequest } from './test-namespace.ts'

/** The connection to a pod broke before the whole answer arrived: the observation has to start again. */
export class WayLost extends Error {}

/** The request for a burst, whose answer has no record of each call. */
export function burstRequest({ n, concurrency = 8, rate, fresh, fault, route }: BurstRequest): AdminRequest {
  const query = new URLSearchParams({ n: String(n), concurrency: String(concurrency) })
  if (rate !== undefined) query.set('rate', String(rate))
  if (fresh) query.set('fresh', 'true')
  const headers = {
    ...(fault === undefined ? {} : { [HEADER.fault]: fault }),
    ...(route === undefined ? {} : { [HEADER.route]: route }),
  }
  return { method: 'POST', path: `/burst?${query}`, headers }
}

/** The request that applies a fault to all requests of a pod; undefined removes it. */
export function faultsRequest(faults: string | undefined): AdminRequest {
  if (faults === undefined) return { method: 'DELETE', path: '/faults', headers: {} }
  return { method: 'PUT', path: '/faults', headers: { 'content-type': 'text/plain' }, body: faults }
}

/** The request for what a process reports about itself. */
export const INFO_REQUEST: AdminRequest = { method: 'GET', path: '/info', headers: {} }

/** The admin port of one pod, reached through a local port. */
export class AdminPort {
  readonly #origin: string
  readonly #signal: AbortSignal

  constructor(port: number, signal: AbortSignal) {
    this.#origin = `http://127.0.0.1:${port}`
    this.#signal = signal
  }

  /** Rejects with a WayLost, or with an Error that contains the answer. */
  async burst(request: BurstRequest): Promise<BurstReport> {
    const asked = burstRequest(request)
    return this.#ask({ ...asked, path: `${asked.path}&detail=true` }, BurstReportSchema)
  }

  info(): Promise<Info> {
    return this.#ask(INFO_REQUEST, InfoSchema)
  }

  /** Applies a fault to all requests of the pod; undefined removes it. */
  async setFaults(faults: string | undefined): Promise<void> {
    await this.#text(faultsRequest(faults))
  }

  /** The response body of a path, as text. */
  async text(path: string): Promise<string> {
    return this.#text({ method: 'GET', path, headers: {} })
  }

  async #ask<Shape>(request: AdminRequest, schema: TSchema): Promise<Shape> {
    const body: unknown = JSON.parse(await this.#text(request))
    const [wrong] = Value.Errors(schema, body)
    if (wrong !== undefined) {
      throw new Error(
        `The answer to ${request.path} is not of this prover's version: ${wrong.instancePath} ${wrong.message}`,
      )
    }
    return body as Shape
  }

  async #text({ path, ...init }: AdminRequest): Promise<string> {
    try {
      const response = await fetch(this.#origin + path, { ...init, signal: this.#signal })
      const text = await response.text()
      if (response.ok) return text
      throw new Error(`${init.method} ${path} was answered ${response.status}: ${text.slice(0, 300)}`)
    } catch (error) {
      this.#signal.throwIfAborted()
      // fetch throws this one error for every connection failure.
      if (error instanceof TypeError) throw new WayLost(`The way to ${this.#origin}${path} broke`, { cause: error })
      throw error
    }
  }
}
