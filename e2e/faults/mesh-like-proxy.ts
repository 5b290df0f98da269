import { type Agent, createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { HEADER } from '@linkerd-scenario/contract'

/** An answer made by a proxy itself: it has no body, and only the caller's own proxy adds the reason as a header. */
export interface ProxyAnswer {
  status: number
  /** The l5d-proxy-error header: set by the outbound proxy, absent from the inbound one. */
  reason?: string
}

/**
 * Stands between the consumer and the provider and treats an HTTP exchange as the two Linkerd proxies on that path do:
 * https://linkerd.io/2/reference/proxy-metrics/ and the proxy's sources (inbound and outbound http/server.rs).
 */
export class MeshLikeProxy {
  /** What it does instead of forwarding a request. */
  behaviour: ProxyAnswer | 'pass' | 'cut the body' = 'pass'
  readonly #server: Server
  readonly #providerPort: () => number
  readonly #agent: Agent | false

  /** `providerPort` is called for each request; without `agent` each request gets its own connection. */
  constructor(providerPort: number | (() => number), agent: Agent | false = false) {
    this.#providerPort = typeof providerPort === 'number' ? () => providerPort : providerPort
    this.#agent = agent
    this.#server = createServer((incoming, outgoing) => this.#handle(incoming, outgoing))
  }

  async listen(): Promise<number> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve))
    return (this.#server.address() as AddressInfo).port
  }

  close(): void {
    this.#server.close()
    this.#server.closeAllConnections()
  }

  #handle(incoming: IncomingMessage, outgoing: ServerResponse): void {
    if (typeof this.behaviour === 'object') {
      const { status, reason } = this.behaviour
      outgoing.writeHead(status, {
        'content-length': 0,
        ...(reason === undefined ? {} : { [HEADER.proxyError]: reason }),
      })
      outgoing.end()
      return
    }
    const isCut = this.behaviour === 'cut the body'
    const { method, url, headers } = incoming
    const [host, port, agent] = ['127.0.0.1', this.#providerPort(), this.#agent]
    const upstream = request({ host, port, method, path: url, headers, agent })
    upstream.on('response', (response) => {
      // The outbound proxy drops l5d-proxy-error from a peer's answer: only it may set that header. Keep-Alive applies
      // to one connection only: if it were forwarded, a caller would use a connection that is closing.
      const { [HEADER.proxyError]: _, connection: __, 'keep-alive': ___, ...passed } = response.headers
      outgoing.writeHead(response.statusCode ?? 0, passed)
      response.once('data', (chunk: Buffer) => {
        outgoing.write(isCut ? chunk.subarray(0, 10) : chunk, () => {
          if (isCut) outgoing.destroy()
        })
        if (!isCut) response.pipe(outgoing)
      })
      response.on('error', () => outgoing.destroy())
    })
    // The inbound proxy answers for an application that does not.
    upstream.on('error', () => {
      if (outgoing.headersSent) outgoing.destroy()
      else outgoing.writeHead(502, { 'content-length': 0 }).end()
    })
    outgoing.on('close', () => upstream.destroy())
    incoming.pipe(upstream)
  }
}
