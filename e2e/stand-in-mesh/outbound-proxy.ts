import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { Balancer } from './balancer.ts'
import type { Behaviour } from './behaviour.ts'
import type { Counters } from './counters.ts'
import { type Answer, bodyOf, forward, KEEP_ALIVE_MS, pool } from './forward.ts'
import { MTLS_HEADER } from './inbound-proxy.ts'
import type { Policies, Routed } from './policies.ts'

/** Where a Service's requests can go. */
export interface Target {
  pod: string
  port: number
  meshed: boolean
}

export interface OutboundOptions {
  behaviour: Behaviour
  policies: Policies
  counters: Counters
  /** The Service that the pod calls; undefined for an address outside. */
  service: string | undefined
  targets: (service: string) => readonly Target[]
  /** The pod's own identity, with the secret that stands for its certificate. */
  mtls: string
}

interface Sent extends Answer {
  proxyError?: string
}

const CONNECT_TIMEOUT_MS = 300
const NO_ENDPOINT_MS = 3000
const MOST_BACKOFF_MS = 40

/** The proxy behind a caller: routes, split, retries, timeouts, breaker, balancing, egress, counters. */
export function outboundProxy(options: OutboundOptions): Server {
  const { behaviour, policies, counters, service, targets, mtls } = options
  const agent = pool()
  const balancers = new Map<string, Balancer>()
  let requests = 0

  async function serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const body = await bodyOf(incoming)
    requests += 1
    const gone = new AbortController()
    outgoing.on('close', () => gone.abort())
    const refused = behaviour.refusesEvery > 0 && requests % behaviour.refusesEvery === 0
    const answer = refused
      ? made(503, 'stand-in refuses')
      : service === undefined
        ? await outside()
        : await toService(service, incoming, body, gone.signal)
    if (outgoing.destroyed) return
    const {
      connection: _c,
      'keep-alive': _k,
      'transfer-encoding': _t,
      'l5d-proxy-error': _e,
      ...headers
    } = answer.headers
    const reason = answer.proxyError === undefined ? {} : { 'l5d-proxy-error': answer.proxyError }
    outgoing.writeHead(answer.status, { ...headers, ...reason, 'content-length': answer.body.length }).end(answer.body)
  }

  async function outside(): Promise<Sent> {
    if (policies.deniesEgress()) {
      if (behaviour.egress === 'hangs') await sleep(1500)
      const labels = {
        parent_kind: 'EgressNetwork',
        parent_name: 'outside',
        route_name: 'http-egress-deny',
        http_status: '403',
      }
      counters.add('outbound_http_route_request_statuses_total', labels)
      return made(403, 'traffic not allowed')
    }
    await sleep(CONNECT_TIMEOUT_MS)
    return made(504, 'connect timed out')
  }

  async function toService(name: string, incoming: IncomingMessage, body: Buffer, gone: AbortSignal): Promise<Sent> {
    const routed = policies.route(name, incoming.method ?? 'GET', incoming.headers)
    const labels = { parent_kind: 'Service', parent_name: name, route_name: routed.route }
    const ended = (status: number, error: string) =>
      counters.add('outbound_http_route_request_statuses_total', {
        ...labels,
        http_status: status === 0 ? '' : String(status),
        error,
      })
    const timeout = routed.timeoutMs === undefined ? undefined : AbortSignal.timeout(routed.timeoutMs)
    const signal = timeout === undefined ? gone : AbortSignal.any([gone, timeout])
    try {
      const answer = await withRetries(name, routed, incoming, body, signal)
      ended(answer.status, '')
      return answer
    } catch (error) {
      if (timeout?.aborted) {
        ended(0, 'REQUEST_TIMEOUT')
        return made(behaviour.timeouts === 'wrong-status' ? 503 : 504, 'request timed out')
      }
      ended(502, 'IO')
      return made(502, String(error))
    }
  }

  async function withRetries(
    name: string,
    routed: Routed,
    incoming: IncomingMessage,
    body: Buffer,
    signal: AbortSignal,
  ): Promise<Sent> {
    const labels = { parent_kind: 'Service', parent_name: name, route_name: routed.route, hostname: '' }
    for (let attempt = 0; ; attempt += 1) {
      const answer = await attemptOnce(name, routed, incoming, body, signal)
      const { retry } = routed
      if (retry === undefined || !retry.statuses(answer.status)) return answer
      if (attempt >= retry.limit) {
        counters.add('outbound_http_route_retry_limit_exceeded_total', labels)
        return answer
      }
      if (behaviour.retries !== 'uncounted') counters.add('outbound_http_route_retry_requests_total', labels)
      await sleep(Math.random() * MOST_BACKOFF_MS, undefined, { signal })
    }
  }

  async function attemptOnce(
    name: string,
    routed: Routed,
    incoming: IncomingMessage,
    body: Buffer,
    signal: AbortSignal,
  ): Promise<Sent> {
    const backend = chooseBackend(routed)
    const balancer = balancers.get(backend) ?? new Balancer()
    balancers.set(backend, balancer)
    const breaker = policies.breaker(name)
    if (breaker === undefined) balancer.admitAll()
    const target = await findTarget(backend, balancer)
    counters.add('outbound_http_route_backend_requests_total', {
      parent_kind: 'Service',
      parent_name: name,
      route_name: routed.route,
      backend_name: backend,
    })
    if (target === undefined) return made(503, 'no endpoint')
    if (target === 'none') return made(504, 'failfast')
    const labels = {
      direction: 'outbound',
      dst_service: backend,
      dst_pod: target.pod,
      tls: target.meshed ? 'true' : 'no_identity',
    }
    counters.add('request_total', labels)
    balancer.begin(target.pod)
    const startedAt = performance.now()
    let failed = true
    try {
      const headers = { ...incoming.headers, ...(target.meshed ? { [MTLS_HEADER]: mtls } : {}) }
      const { method = 'GET', url = '/' } = incoming
      const answer = await forward(agent, target.port, { method, url, headers, body }, signal)
      failed = answer.status >= 500
      const latencyMs = Math.round(performance.now() - startedAt) * behaviour.latencyCounts
      const { direction, dst_service } = labels
      counters.add('response_latency_ms_sum', { direction, dst_service }, latencyMs)
      counters.add('response_latency_ms_count', { direction, dst_service })
      counters.add('response_total', {
        ...labels,
        status_code: String(answer.status),
        classification: failed ? 'failure' : 'success',
      })
      return answer
    } finally {
      balancer.end(target.pod, performance.now() - startedAt, failed, breaker)
      const pods = targets(backend).map(({ pod }) => pod)
      counters.set(
        'outbound_http_balancer_endpoints',
        { endpoint_state: 'pending', parent_name: name, backend_name: backend },
        balancer.pending(pods),
      )
    }
  }

  async function findTarget(backend: string, balancer: Balancer): Promise<Target | undefined | 'none'> {
    const deadline = Date.now() + NO_ENDPOINT_MS
    let known = targets(backend)
    while (known.length === 0 && Date.now() < deadline) {
      await sleep(20)
      known = targets(backend)
    }
    if (known.length === 0) return 'none'
    const pod = balancer.choose(
      known.map((target) => target.pod),
      behaviour.balancing,
    )
    return known.find((target) => target.pod === pod)
  }

  const server = createServer((incoming, outgoing) => void serve(incoming, outgoing).catch(() => outgoing.destroy()))
  server.keepAliveTimeout = KEEP_ALIVE_MS
  server.on('close', () => agent.destroy())
  return server
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

function made(status: number, proxyError: string): Sent {
  return { status, headers: {}, body: Buffer.alloc(0), proxyError }
}
