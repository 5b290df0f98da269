import { METHODS } from 'node:http'
import { DEFAULT_FAULT_AT, type Fault } from '@linkerd-scenario/contract'
import type { Counter, Gauge, Registry } from 'prom-client'
import type { ExchangeObserver } from '../exchange/exchange.ts'
import type { RequestCount } from '../exchange/exchange-plugin.ts'
import type { FaultStore } from '../faults/fault-store.ts'
import type { Identity } from '../identity.ts'
import { DurationHistogram } from './duration-histogram.ts'

type PromClient = typeof import('prom-client')

const KNOWN_METHODS = new Set(METHODS)
/** Gauges of prom-client that are named like counters. Another gauge has the same values by type. */
const MISNAMED = ['nodejs_active_handles_total', 'nodejs_active_requests_total', 'nodejs_active_resources_total']
const CLIENT_LABELS = ['http_request_method', 'http_response_status_code', 'error_type', 'origin'] as const
const SERVER_LABELS = [
  'http_request_method',
  'http_route',
  'http_response_status_code',
  'error_type',
  'origin',
] as const

/**
 * The metrics of one process, with the HTTP names of OpenTelemetry's semantic conventions in Prometheus form. Every
 * label has a bounded set of values, whatever clients send: https://opentelemetry.io/docs/specs/semconv/http/
 */
export class Metrics {
  readonly #identity: Identity
  readonly #serverDuration = new DurationHistogram(
    'http_server_request_duration_seconds',
    'Duration of the requests that were answered',
    SERVER_LABELS,
  )
  readonly #clientDuration = new DurationHistogram(
    'http_client_request_duration_seconds',
    'Duration of the calls to the upstream',
    CLIENT_LABELS,
  )
  readonly #shed = new Map<string, number>()
  readonly #faults = new Map<string, { kind: string; at: string; count: number }>()
  #registry: Promise<Registry> | undefined
  readonly #count: RequestCount
  readonly #store: Pick<FaultStore, 'armed'>

  /** `count` counts the requests of the public port; `store` holds the faults of this process. */
  constructor(identity: Identity, count: RequestCount, store: Pick<FaultStore, 'armed'>) {
    this.#identity = identity
    this.#count = count
    this.#store = store
  }

  /**
   * The registry for a scrape. The first call starts the metrics of the process itself (memory, event loop, garbage
   * collection), whose library would make the start slower.
   */
  registry(): Promise<Registry> {
    this.#registry ??= this.#collect()
    return this.#registry
  }

  async #collect(): Promise<Registry> {
    const client = await import('prom-client')
    const registry = new client.Registry()
    client.collectDefaultMetrics({ register: registry })
    for (const name of MISNAMED) registry.removeSingleMetric(name)
    for (const histogram of [this.#serverDuration, this.#clientDuration]) histogram.registerAt(registry)
    const registers = [registry]
    this.#addRequestMetrics(client, registers)
    this.#addFaultMetrics(client, registers)
    this.#addBuildInfo(client, registers)
    return registry
  }

  #addRequestMetrics({ Counter, Gauge }: PromClient, registers: Registry[]): void {
    const active: Gauge = new Gauge({
      name: 'http_server_active_requests',
      help: 'Requests under way',
      registers,
      collect: () => active.set(this.#count.active),
    })
    const shed: Counter<'reason'> = new Counter({
      name: 'http_server_requests_shed_total',
      help: 'Requests that were answered 503 because this pod was at its limit',
      labelNames: ['reason'],
      registers,
      collect: () => {
        shed.reset()
        for (const [reason, count] of this.#shed) shed.inc({ reason }, count)
      },
    })
  }

  #addFaultMetrics({ Counter, Gauge }: PromClient, registers: Registry[]): void {
    const injected: Counter<'kind' | 'at'> = new Counter({
      name: 'faults_injected_total',
      help: 'Faults that took effect',
      labelNames: ['kind', 'at'],
      registers,
      collect: () => {
        injected.reset()
        for (const { kind, at, count } of this.#faults.values()) injected.inc({ kind, at }, count)
      },
    })
    const armed: Gauge<'kind' | 'at' | 'place'> = new Gauge({
      name: 'faults_armed',
      help: 'Faults that are set for all requests, by the admin port or the variable FAULT',
      labelNames: ['kind', 'at', 'place'],
      registers,
      collect: () => {
        armed.reset()
        for (const [place, faults] of Object.entries(this.#store.armed)) {
          for (const { fault } of faults) armed.inc({ kind: fault.kind, at: fault.at ?? DEFAULT_FAULT_AT, place })
        }
      },
    })
  }

  #addBuildInfo({ Gauge }: PromClient, registers: Registry[]): void {
    const { service, version } = this.#identity
    new Gauge({
      name: 'build_info',
      help: 'What this process is',
      labelNames: ['service', 'version', 'node'],
      registers,
    }).set({ service, version, node: process.version }, 1)
  }

  /** Counts and times the requests of a server. */
  readonly requests: ExchangeObserver = {
    ended: (exchange, request, route) => {
      const status = exchange.callerGone || exchange.cutBy !== undefined ? '' : exchange.status
      const error = exchange.callerGone ? 'CALLER_GONE' : (exchange.errorCode ?? '')
      this.#serverDuration.observe(
        [methodLabel(request.method), route.url ?? '', status, error, exchange.origin ?? ''],
        exchange.durationMs,
      )
    },
    // Such a refusal has no method, no route and no duration.
    refused: (problem, _requestId, origin) => {
      this.#serverDuration.observe(['_OTHER', '', problem.status, problem.code, origin], 0)
    },
  }

  /** A call to the upstream; `status` is undefined without an HTTP answer. */
  upstreamCalled(
    method: string,
    status: number | undefined,
    errorCode: string | undefined,
    origin: string | undefined,
    durationMs: number,
  ): void {
    this.#clientDuration.observe([method, status ?? '', errorCode ?? '', origin ?? ''], durationMs)
  }

  /** A fault took effect. Its labels are bounded: `at` names this service, or it and its version. */
  faultInjected({ kind, at = DEFAULT_FAULT_AT }: Fault): void {
    const key = `${kind} ${at}`
    this.#faults.set(key, { kind, at, count: (this.#faults.get(key)?.count ?? 0) + 1 })
  }

  readonly requestShed = (reason: string): void => {
    this.#shed.set(reason, (this.#shed.get(reason) ?? 0) + 1)
  }
}

/** The method as a label: unknown ones are `_OTHER`, as the semantic conventions ask. */
export function methodLabel(method: string): string {
  return KNOWN_METHODS.has(method) ? method : '_OTHER'
}
