import { METHODS } from 'node:http'
import { DEFAULT_FAULT_AT, type Fault } from '@linkerd-scenario/contract'
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { ExchangeObserver } from '../http/exchange.ts'
import type { Identity } from '../service.ts'

// The boundaries that the semantic conventions advise for http.server.request.duration.
const DURATION_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10]
const KNOWN_METHODS = new Set(METHODS)

/**
 * The metrics of one process, with the HTTP names of OpenTelemetry's semantic conventions in Prometheus form. Every
 * label has a bounded set of values, whatever a client sends: https://opentelemetry.io/docs/specs/semconv/http/
 */
export class Metrics {
  readonly registry = new Registry()
  readonly #serverDuration: Histogram
  readonly #clientDuration: Histogram
  readonly #shed: Counter
  readonly #faults: Counter
  readonly #activeRequests: Gauge
  #active = 0

  constructor(identity: Identity) {
    const registers = [this.registry]
    collectDefaultMetrics({ register: this.registry })
    this.#serverDuration = new Histogram({
      name: 'http_server_request_duration_seconds',
      help: 'Duration of the requests that were answered',
      labelNames: ['http_request_method', 'http_route', 'http_response_status_code', 'error_type', 'origin'],
      buckets: DURATION_BUCKETS,
      registers,
    })
    this.#clientDuration = new Histogram({
      name: 'http_client_request_duration_seconds',
      help: 'Duration of the calls to the upstream',
      labelNames: ['http_request_method', 'http_response_status_code', 'error_type', 'origin'],
      buckets: DURATION_BUCKETS,
      registers,
    })
    this.#activeRequests = new Gauge({
      name: 'http_server_active_requests',
      help: 'Requests under way',
      registers,
    })
    this.#activeRequests.set(0)
    this.#shed = new Counter({
      name: 'http_server_requests_shed_total',
      help: 'Requests that were answered 503 because this pod was at its limit',
      labelNames: ['reason'],
      registers,
    })
    this.#faults = new Counter({
      name: 'faults_injected_total',
      help: 'Faults that took effect',
      labelNames: ['kind', 'at'],
      registers,
    })
    const build = new Gauge({
      name: 'build_info',
      help: 'What this process is',
      labelNames: ['service', 'version', 'node'],
      registers,
    })
    build.set({ service: identity.service, version: identity.version, node: process.version }, 1)
  }

  /** Counts and times the requests of a server. */
  readonly requests: ExchangeObserver = {
    begun: () => {
      this.#active += 1
      this.#activeRequests.set(this.#active)
    },
    ended: (exchange, request, reply) => {
      this.#active -= 1
      this.#activeRequests.set(this.#active)
      this.#serverDuration.observe(
        {
          http_request_method: methodLabel(request.method),
          http_route: request.routeOptions.url ?? '',
          http_response_status_code: exchange.callerGone || exchange.isCut ? '' : reply.statusCode,
          error_type: exchange.callerGone ? 'CALLER_GONE' : (exchange.errorCode ?? ''),
          origin: exchange.origin ?? '',
        },
        exchange.durationMs / 1000,
      )
    },
  }

  /** A request that Node's parser refused: it has no method, no route and no duration. */
  readonly requestRefused = (status: number, errorCode: string): void => {
    this.#serverDuration.observe(
      {
        http_request_method: '_OTHER',
        http_route: '',
        http_response_status_code: status,
        error_type: errorCode,
        origin: '',
      },
      0,
    )
  }

  /** A call to the upstream; `status` is undefined where no HTTP answer came. */
  upstreamCalled(
    method: string,
    status: number | undefined,
    errorCode: string | undefined,
    origin: string | undefined,
    durationMs: number,
  ): void {
    this.#clientDuration.observe(
      {
        http_request_method: method,
        http_response_status_code: status ?? '',
        error_type: errorCode ?? '',
        origin: origin ?? '',
      },
      durationMs / 1000,
    )
  }

  /** A fault took effect. Its labels are bounded: `at` names this service, or it and its version. */
  faultInjected({ kind, at = DEFAULT_FAULT_AT }: Fault): void {
    this.#faults.inc({ kind, at })
  }

  readonly requestShed = (reason: string): void => {
    this.#shed.inc({ reason })
  }
}

/** The method as a label: unknown ones are `_OTHER`, as the semantic conventions ask. */
export function methodLabel(method: string): string {
  return KNOWN_METHODS.has(method) ? method : '_OTHER'
}
