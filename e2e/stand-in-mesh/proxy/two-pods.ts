import { once } from 'node:events'
import { createServer, type IncomingMessage, request, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { parseAllDocuments } from 'yaml'
import { type Behaviour, HONEST } from '../behaviour.ts'
import { type InboundOptions, inboundProxy } from './inbound.ts'
import { acceptOpaque, withOpaquePorts } from './opaque.ts'
import { outboundProxy } from './outbound.ts'
import { type Applied, Policies } from './policies/policies.ts'
import { ProxyMetrics } from './proxy-metrics.ts'
import type { Target } from './service-calls.ts'

interface Seen {
  status: number
  headers: IncomingMessage['headers']
  body: string
}

/** What the caller calls, unless a test applies one of its own. */
const SERVICE: Applied = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'provider-svc' } }

/**
 * For tests: a caller's proxy and a provider's, with a service behind it that answers as the header `x-answer` says.
 */
export class TwoPods {
  readonly caller = new ProxyMetrics(() => 1)
  readonly provider = new ProxyMetrics(() => 1)
  readonly #servers: Server[] = []
  readonly #objects: Applied[] = []
  #outboundPort = 0
  #inboundPort = 0

  /** `account` is the caller's; `isMeshed` says whether the provider has a proxy. */
  static async start(behaviour: Partial<Behaviour> = {}, account = 'consumer', isMeshed = true): Promise<TwoPods> {
    const pods = new TwoPods()
    await pods.#start({ ...HONEST, ...behaviour }, account, isMeshed)
    return pods
  }

  apply(yaml: string): void {
    for (const document of parseAllDocuments(yaml)) this.#objects.push(document.toJS() as Applied)
  }

  /** Calls through the caller's proxy. */
  call(path = '/', headers: Record<string, string> = {}): Promise<Seen> {
    return ask(this.#outboundPort, path, headers)
  }

  /** Calls the provider's pod directly, without a proxy of the caller. */
  callUnmeshed(path = '/', headers: Record<string, string> = {}): Promise<Seen> {
    return ask(this.#inboundPort, path, headers)
  }

  async close(): Promise<void> {
    await Promise.all(
      this.#servers.map(async (server) => {
        const closed = once(server, 'close')
        server.close()
        server.closeAllConnections()
        await closed
      }),
    )
  }

  async #start(behaviour: Behaviour, account: string, isMeshed: boolean): Promise<void> {
    const policies = new Policies(() => [...this.#objects, SERVICE], behaviour)
    const identityOf = (name: string) => `${name}.ns.serviceaccount.identity.linkerd.${behaviour.trustDomain}`
    const appPort = await this.#listen(createServer(answerAsAsked))
    const inbound: InboundOptions = {
      policies,
      metrics: this.provider,
      workload: { labels: { app: 'provider' }, port: 5000 },
      ip: '10.244.0.7',
      appPort: () => appPort,
      identityOf,
      secret: 'secret',
    }
    this.#inboundPort = await this.#listen(inboundProxy(inbound))
    const target: Target = {
      pod: 'provider-v1-abc-def',
      ip: '10.244.0.7',
      deployment: 'provider-v1',
      hash: 'abc',
      account: 'provider',
      port: isMeshed ? this.#inboundPort : appPort,
      meshed: isMeshed,
      connect: (from) => acceptOpaque(inbound, from),
    }
    const { controlPlane, clusterDomain } = behaviour
    const outbound = {
      policies,
      metrics: this.caller,
      surroundings: { namespace: 'ns', controlPlane, clusterDomain, identityOf },
      service: { name: 'provider-svc', port: 5000 },
      targets: () => [target],
      account,
      mtls: `secret ${identityOf(account)}`,
    }
    this.#outboundPort = await this.#listen(withOpaquePorts(outboundProxy(outbound), outbound))
  }

  async #listen(server: Server): Promise<number> {
    this.#servers.push(server)
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    return (server.address() as AddressInfo).port
  }
}

/** `x-answer: 503,200` answers 503 first and 200 from then on; the body is the identity that arrived. */
const answers = new Map<string, number>()

function answerAsAsked({ headers }: IncomingMessage, response: import('node:http').ServerResponse): void {
  const wanted = String(headers['x-answer'] ?? '200').split(',')
  const id = String(headers['x-request-id'] ?? '')
  const attempt = id === '' ? 0 : (answers.get(id) ?? 0)
  if (id !== '') answers.set(id, attempt + 1)
  const status = Number(wanted[Math.min(attempt, wanted.length - 1)])
  response.writeHead(status, { 'x-responder': 'provider', 'l5d-proxy-error': 'forged' })
  response.end(String(headers['l5d-client-id'] ?? 'none'))
}

async function ask(port: number, path: string, headers: Record<string, string>): Promise<Seen> {
  const call = request({ host: '127.0.0.1', port, path, headers, agent: false })
  call.end()
  const [response] = (await once(call, 'response')) as [IncomingMessage]
  return { status: response.statusCode ?? 0, headers: response.headers, body: await text(response) }
}
