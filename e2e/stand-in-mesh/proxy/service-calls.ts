import { setTimeout as sleep } from 'node:timers/promises'
import { Balancer } from './balancer.ts'
import { type Answer, emptyAnswer, forward, pool, type Sent } from './forward.ts'
import { classification, MTLS_HEADER } from './inbound.ts'
import {
  destinationLabels,
  type Labels,
  type PodAddress,
  routeLabels,
  type Surroundings,
  serviceLabels,
} from './labels.ts'
import { breakerOf, penalizes, penaltyOf } from './policies/balancing.ts'
import type { Policies } from './policies/policies.ts'
import { type Routed, routeTo } from './policies/routes.ts'
import type { ProxyMetrics } from './proxy-metrics.ts'

/** Whether this proxy made the answer itself, or the callee did. */
type Answered = Answer & { isOwn: boolean }

/** The possible targets of a Service's requests. */
export interface Target extends PodAddress {
  /** Port on this machine. */
  port: number
  meshed: boolean
  /** Opens an opaque connection: the service's port on this machine, or undefined if the pod's proxy refuses. */
  connect: (account: string) => number | undefined
}

export interface ServiceCallsOptions {
  policies: Policies
  metrics: ProxyMetrics
  surroundings: Surroundings
  service: { name: string; port: number }
  targets: (service: string) => readonly Target[]
  /** The pod's own identity, with the secret that replaces its certificate. */
  mtls: string
}

const NO_ENDPOINT_MS = 3000
const MOST_BACKOFF_MS = 40

/** The calls of one pod to one Service: each follows its route, with the route's timeout and retries. */
export class ServiceCalls {
  readonly #options: ServiceCallsOptions
  readonly #agent = pool()
  readonly #balancers = new Map<string, Balancer>()

  constructor(options: ServiceCallsOptions) {
    this.#options = options
  }

  close(): void {
    this.#agent.destroy()
  }

  async send(sent: Sent, gone: AbortSignal): Promise<Answered> {
    const { policies, service } = this.#options
    const line = { method: sent.method, path: sent.url.split('?')[0] ?? '/', headers: sent.headers }
    const routed = routeTo(service.name, line, policies)
    if (routed === 'not found') return own(404, 'no route found for request')
    const timeout = routed.timeoutMs === undefined ? undefined : AbortSignal.timeout(routed.timeoutMs)
    const signal = timeout === undefined ? gone : AbortSignal.any([gone, timeout])
    try {
      const answer = await this.#withRetries(routed, sent, signal)
      this.#countEnd(routed, String(answer.status), '')
      return answer
    } catch (error) {
      if (timeout?.aborted) {
        this.#countEnd(routed, '', 'REQUEST_TIMEOUT')
        return own(policies.behaviour.timeouts === 'wrong-status' ? 503 : 504, 'request timed out')
      }
      this.#countEnd(routed, '502', 'IO')
      return own(502, String(error))
    }
  }

  async #withRetries(routed: Routed, sent: Sent, signal: AbortSignal): Promise<Answered> {
    const { metrics, policies } = this.#options
    const labels = { ...this.#routeLabels(routed), hostname: '' }
    for (let attempt = 0; ; attempt += 1) {
      const answer = await this.#attempt(routed, sent, signal)
      const { retry } = routed
      if (retry === undefined) return answer
      if (!retry.statuses(answer.status)) {
        if (attempt > 0) metrics.add('outbound_http_route_retry_successes_total', labels)
        return answer
      }
      if (attempt >= retry.limit) {
        metrics.add('outbound_http_route_retry_limit_exceeded_total', labels)
        return answer
      }
      if (policies.behaviour.retries !== 'uncounted') metrics.add('outbound_http_route_retry_requests_total', labels)
      await sleep(Math.random() * MOST_BACKOFF_MS, undefined, { signal })
    }
  }

  async #attempt(routed: Routed, sent: Sent, signal: AbortSignal): Promise<Answered> {
    const { metrics, policies, service } = this.#options
    const backend = chooseBackend(routed)
    if (!policies.ofKind('Service').some(({ metadata }) => metadata.name === backend))
      return own(500, 'no such backend')
    const balancer = this.#balancerOf(backend)
    if (breakerOf(service.name, policies) === undefined) balancer.admitAll()
    const target = await this.#findTarget(backend, balancer)
    metrics.add('outbound_http_route_backend_requests_total', {
      ...this.#routeLabels(routed),
      ...this.#serviceLabels('backend', backend),
    })
    if (target === undefined) return own(503, 'no endpoint')
    if (target === 'none') return own(504, 'failfast')
    return { ...(await this.#call(backend, balancer, target, sent, signal)), isOwn: false }
  }

  async #call(backend: string, balancer: Balancer, target: Target, sent: Sent, signal: AbortSignal): Promise<Answer> {
    const { metrics, mtls, policies, service, surroundings } = this.#options
    const labels = destinationLabels(backend, service.port, target, surroundings)
    metrics.add('request_total', labels)
    balancer.begin(target.pod)
    const startedAt = performance.now()
    let failed = true
    let penaltyMs = 0
    try {
      const headers = { ...sent.headers, ...(target.meshed ? { [MTLS_HEADER]: mtls } : {}) }
      const answer = await forward(this.#agent, target.port, { ...sent, headers }, signal)
      failed = answer.status >= 500
      penaltyMs = penaltyOf(service.name, answer, policies)
      const ended = { ...labels, status_code: String(answer.status) }
      const latencyMs = Math.round(performance.now() - startedAt) * policies.behaviour.latencyCounts
      metrics.add('response_latency_ms_sum', ended, latencyMs)
      metrics.add('response_latency_ms_count', ended)
      metrics.add('response_total', { ...ended, ...classification(answer.status) })
      return answer
    } finally {
      const countedMs = Math.max(performance.now() - startedAt, penaltyMs)
      balancer.end(target.pod, countedMs, failed, breakerOf(service.name, policies))
      this.#countEndpoints(backend, balancer)
    }
  }

  /** Balancers with and without penalties share no state: a proxy rebuilds its balancer when this changes. */
  #balancerOf(backend: string): Balancer {
    const { policies, service } = this.#options
    const key = `${backend} ${penalizes(service.name, policies)}`
    const balancer = this.#balancers.get(key) ?? new Balancer()
    this.#balancers.set(key, balancer)
    return balancer
  }

  #countEndpoints(backend: string, balancer: Balancer): void {
    const { metrics, service, targets } = this.#options
    const pods = targets(backend).map(({ pod }) => pod)
    const labels = { ...this.#serviceLabels('parent', service.name), ...this.#serviceLabels('backend', backend) }
    const pending = balancer.pending(pods)
    const family = 'outbound_http_balancer_endpoints'
    metrics.set(family, { endpoint_state: 'pending', ...labels }, pending)
    metrics.set(family, { endpoint_state: 'ready', ...labels }, pods.length - pending)
  }

  #countEnd(routed: Routed, status: string, error: string): void {
    this.#options.metrics.add('outbound_http_route_request_statuses_total', {
      ...this.#routeLabels(routed),
      hostname: '',
      http_status: status,
      error,
    })
  }

  async #findTarget(backend: string, balancer: Balancer): Promise<Target | undefined | 'none'> {
    const { policies, targets } = this.#options
    const deadline = Date.now() + NO_ENDPOINT_MS
    let known = targets(backend)
    while (known.length === 0 && Date.now() < deadline) {
      await sleep(20)
      known = targets(backend)
    }
    if (known.length === 0) return 'none'
    const pods = known.map((target) => target.pod)
    const pod = balancer.choose(pods, policies.behaviour.balancing)
    return known.find((target) => target.pod === pod)
  }

  #routeLabels({ route }: Routed): Labels {
    const { service, surroundings } = this.#options
    return routeLabels(this.#serviceLabels('parent', service.name), route, surroundings.namespace)
  }

  #serviceLabels(role: 'parent' | 'backend', name: string): Labels {
    const { service, surroundings } = this.#options
    return serviceLabels(role, name, surroundings.namespace, service.port)
  }
}

function chooseBackend({ backends }: Routed): string {
  const total = backends.reduce((sum, { weight }) => sum + weight, 0)
  let left = Math.random() * total
  for (const { name, weight } of backends) {
    left -= weight
    if (left < 0) return name
  }
  return backends.at(-1)?.name ?? ''
}

const own = (status: number, reason: string): Answered => ({ ...emptyAnswer(status, reason), isOwn: true })
