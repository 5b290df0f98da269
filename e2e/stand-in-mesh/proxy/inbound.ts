import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { type Answer, bodyOf, emptyAnswer, forward, KEEP_ALIVE_MS, pool, reply, type Sent } from './forward.ts'
import { authorizationLabels, type Labels, peerLabels, policyLabels, targetLabels } from './labels.ts'
import { type Authorization, authorize, type Workload } from './policies/authorization.ts'
import type { Policies } from './policies/policies.ts'
import type { ProxyMetrics } from './proxy-metrics.ts'
import { RateLimit } from './rate-limit.ts'

/** Replaces mTLS: a proxy of the same mesh names its identity, and only those proxies know the secret. */
export const MTLS_HEADER = 'x-stand-in-mtls'

export interface InboundOptions {
  policies: Policies
  metrics: ProxyMetrics
  workload: Workload
  /** Address of the pod, for labels. */
  ip: string
  /** The service's actual port on this machine. */
  appPort: () => number
  identityOf: (account: string) => string
  secret: string
}

/** The proxy in front of a service: identity, authorization, rate limit, metrics. */
export function inboundProxy(options: InboundOptions): Server {
  const proxy = new InboundProxy(options)
  const server = createServer(
    (incoming, outgoing) => void proxy.serve(incoming, outgoing).catch(() => outgoing.destroy()),
  )
  server.keepAliveTimeout = KEEP_ALIVE_MS
  server.on('close', () => proxy.close())
  return server
}

class InboundProxy {
  readonly #options: InboundOptions
  readonly #agent = pool()
  readonly #rateLimit: RateLimit

  constructor(options: InboundOptions) {
    this.#options = options
    this.#rateLimit = new RateLimit(options.policies)
  }

  close(): void {
    this.#agent.destroy()
  }

  async serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const { policies, workload, secret } = this.#options
    const { [MTLS_HEADER]: mtls, ...headers } = incoming.headers
    const [given, identity] = String(mtls ?? '').split(' ')
    const peer = given === secret ? identity : undefined
    const { method = 'GET', url = '/' } = incoming
    const line = { method, path: url.split('?')[0] ?? '/', headers }
    const decision = authorize(workload, peer?.split('.')[0], line, policies)
    const refusal = this.#refuse(decision, peer)
    if (refusal !== undefined) return this.#answerRefusal(refusal, decision, incoming, outgoing)
    const sent = { method, url, headers: this.#withIdentity(headers, peer), body: await bodyOf(incoming) }
    await this.#pass(sent, this.#requestLabels(decision, peer), outgoing)
  }

  /** The answer that the policies give instead of the service. Counts their decisions. */
  #refuse(decision: Authorization, peer: string | undefined): Answer | undefined {
    const { metrics, policies, workload } = this.#options
    const labels = this.#policyLabels(decision, peer)
    if (decision.answer === 'no route') {
      metrics.add('inbound_http_route_not_found_total', labels)
      return emptyAnswer(404)
    }
    if (decision.answer === 'denied') {
      metrics.add('inbound_http_authz_deny_total', labels)
      return emptyAnswer(403)
    }
    metrics.add('inbound_http_authz_allow_total', { ...labels, ...authorizationLabels(decision) })
    // In the manifests only the provider has a rate limit.
    if (workload.port !== 5000 || this.#rateLimit.admits(peer ?? 'nobody')) return undefined
    if (policies.behaviour.rateLimit !== 'uncounted') {
      const { route_group: _group, route_kind: _kind, route_name: _name, ...rest } = labels
      metrics.add('inbound_http_local_ratelimit_total', { ...rest, ...RATE_LIMIT_LABELS })
    }
    return emptyAnswer(429)
  }

  #answerRefusal(
    refusal: Answer,
    { answer }: Authorization,
    incoming: IncomingMessage,
    outgoing: ServerResponse,
  ): void {
    const { authorization } = this.#options.policies.behaviour
    if (answer === 'denied' && authorization === 'hangs-up') return void incoming.socket.destroy()
    if (answer === 'denied' && authorization === 'from-the-app')
      outgoing.setHeader('x-responder', 'provider/v1/someone')
    reply(outgoing, refusal)
  }

  async #pass(sent: Sent, labels: Labels, outgoing: ServerResponse): Promise<void> {
    const { metrics, appPort } = this.#options
    metrics.add('request_total', labels)
    const startedAt = performance.now()
    const gone = new AbortController()
    outgoing.on('close', () => gone.abort())
    const answer = await forward(this.#agent, appPort(), sent, gone.signal).catch(() => emptyAnswer(502))
    if (outgoing.destroyed) return
    const ended = { ...labels, status_code: String(answer.status) }
    metrics.add('response_latency_ms_sum', ended, Math.round(performance.now() - startedAt))
    metrics.add('response_latency_ms_count', ended)
    metrics.add('response_total', { ...ended, ...classification(answer.status) })
    reply(outgoing, answer)
  }

  /** The headers with the caller's identity, as this mesh states it, true or not. */
  #withIdentity(headers: Sent['headers'], peer: string | undefined): Sent['headers'] {
    const { identity } = this.#options.policies.behaviour
    const { 'l5d-client-id': claimed, ...rest } = headers
    const seen = identity === 'forgeable' ? (peer ?? claimed) : identity === 'missing' ? undefined : peer
    const told = identity === 'swapped' ? seen?.toString().replace(/^[^.]+/, 'stranger') : seen
    return told === undefined ? rest : { ...rest, 'l5d-client-id': told }
  }

  #policyLabels(decision: Authorization, peer: string | undefined): Labels {
    const { ip, workload } = this.#options
    return { ...targetLabels(ip, workload.port), ...policyLabels(decision, workload.port), ...peerLabels(peer) }
  }

  #requestLabels(decision: Authorization, peer: string | undefined): Labels {
    return { direction: 'inbound', ...this.#policyLabels(decision, peer), ...authorizationLabels(decision) }
  }
}

const RATE_LIMIT_LABELS = {
  ratelimit_group: 'policy.linkerd.io',
  ratelimit_kind: 'HTTPLocalRateLimitPolicy',
  ratelimit_name: 'provider-limit',
  ratelimit_scope: 'identity',
}

/** The last labels of `response_total`. */
export const classification = (status: number): Labels => ({
  classification: status < 500 ? 'success' : 'failure',
  grpc_status: '',
  error: '',
})
