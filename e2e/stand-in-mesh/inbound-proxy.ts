import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Behaviour } from './behaviour.ts'
import type { Counters } from './counters.ts'
import { bodyOf, forward, KEEP_ALIVE_MS, pool } from './forward.ts'
import type { Policies } from './policies.ts'

/** Stands for mTLS: a proxy of the same mesh says who it is, and nobody else knows the secret. */
export const MTLS_HEADER = 'x-stand-in-mtls'

export interface InboundOptions {
  behaviour: Behaviour
  policies: Policies
  counters: Counters
  /** Port of the service as manifests name it. */
  port: number
  /** Port that the service really has here. */
  appPort: () => number
  secret: string
}

/** The proxy in front of a service: identity, authorization, rate limit, counters. */
export function inboundProxy(options: InboundOptions): Server {
  const { behaviour, policies, counters, port, appPort, secret } = options
  const agent = pool()
  const buckets = new Map<string, { tokens: number; at: number }>()

  async function serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const { [MTLS_HEADER]: mtls, 'l5d-client-id': claim, ...headers } = incoming.headers
    const claimed = typeof claim === 'string' ? claim : undefined
    const [given, identity] = String(mtls ?? '').split(' ')
    const peer = given === secret ? identity : undefined
    const labels = {
      direction: 'inbound',
      target_port: String(port),
      tls: peer === undefined ? 'no_identity' : 'true',
      ...(peer === undefined ? {} : { client_id: peer }),
    }
    counters.add('request_total', labels)
    const answer = (status: number) => {
      counters.add('response_total', {
        ...labels,
        status_code: String(status),
        classification: status < 500 ? 'success' : 'failure',
      })
      outgoing.writeHead(status, { 'content-length': 0 }).end()
    }
    const policy = { target_port: String(port), srv_name: 'provider-http' }
    const account = peer?.split('.')[0]
    const admitted = port === 5000 ? policies.admits(account) : 'unguarded'
    if (admitted === 'no') {
      counters.add('inbound_http_authz_deny_total', policy)
      if (behaviour.authorization === 'hangs-up') return void incoming.socket.destroy()
      if (behaviour.authorization === 'from-the-app') outgoing.setHeader('x-responder', 'provider/v1/someone')
      return answer(403)
    }
    if (admitted === 'yes')
      counters.add('inbound_http_authz_allow_total', { ...policy, authz_name: 'provider-from-consumer' })
    if (port === 5000 && !takeToken(peer ?? 'nobody')) {
      if (behaviour.rateLimit !== 'uncounted') {
        counters.add('inbound_http_local_ratelimit_total', { ...policy, ratelimit_name: 'provider-limit' })
      }
      return answer(429)
    }
    const body = await bodyOf(incoming)
    const seen =
      behaviour.identity === 'forgeable' ? (peer ?? claimed) : behaviour.identity === 'missing' ? undefined : peer
    const shown = behaviour.identity === 'swapped' ? seen?.replace(/^[^.]+/, 'stranger') : seen
    const gone = new AbortController()
    outgoing.on('close', () => gone.abort())
    try {
      const { method = 'GET', url = '/' } = incoming
      const sent = {
        method,
        url,
        body,
        headers: { ...headers, ...(shown === undefined ? {} : { 'l5d-client-id': shown }) },
      }
      const reply = await forward(agent, appPort(), sent, gone.signal)
      counters.add('response_total', {
        ...labels,
        status_code: String(reply.status),
        classification: reply.status < 500 ? 'success' : 'failure',
      })
      const {
        connection: _connection,
        'keep-alive': _keepAlive,
        'transfer-encoding': _encoding,
        ...rest
      } = reply.headers
      outgoing.writeHead(reply.status, { ...rest, 'content-length': reply.body.length }).end(reply.body)
    } catch {
      if (!outgoing.destroyed) answer(502)
    }
  }

  /** GCRA in its simplest form: a bucket that holds one second's worth. */
  function takeToken(client: string): boolean {
    const rate = policies.ratePerS()
    if (rate === undefined) return true
    const now = performance.now()
    const bucket = buckets.get(client) ?? { tokens: rate, at: now }
    bucket.tokens = Math.min(rate, bucket.tokens + ((now - bucket.at) / 1000) * rate)
    bucket.at = now
    buckets.set(client, bucket)
    if (bucket.tokens < 1) return false
    bucket.tokens -= 1
    return true
  }

  const server = createServer((incoming, outgoing) => void serve(incoming, outgoing).catch(() => outgoing.destroy()))
  server.keepAliveTimeout = KEEP_ALIVE_MS
  server.on('close', () => agent.destroy())
  return server
}
