import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http'
import { KEEP_ALIVE_TIMEOUT_MS, type Limits } from './limits.ts'

/**
 * The node:http servers behind one Fastify instance: two where `localhost` has two address families. Fastify closes
 * only what is idle when its close begins, and only on the first of them; the drain needs them all.
 */
export class HttpServers {
  readonly #servers = new Set<Server>()
  readonly #limits: Limits

  constructor(limits: Limits) {
    this.#limits = limits
  }

  /** A `serverFactory` for Fastify. */
  readonly create = (listener: RequestListener): Server => {
    const { headerBytes, headersTimeoutMs, requestTimeoutMs, connections } = this.#limits
    const server = createServer(
      {
        keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
        headersTimeout: headersTimeoutMs,
        requestTimeout: requestTimeoutMs,
        connectionsCheckingInterval: Math.min(1000, headersTimeoutMs / 2),
        maxHeaderSize: headerBytes,
        // Node would answer these two itself, without a problem and without x-responder.
        requireHostHeader: false,
      },
      listener,
    )
    server.on('checkExpectation', (request: IncomingMessage, response: ServerResponse) => listener(request, response))
    // The bytes are limited; a limit by number would drop headers without a word.
    server.maxHeadersCount = 0
    // A backstop: up to here a connection above the limit gets an answer that says so.
    server.maxConnections = connections * 2
    this.#servers.add(server)
    return server
  }

  closeIdleConnections(): void {
    for (const server of this.#servers) server.closeIdleConnections()
  }

  closeAllConnections(): void {
    for (const server of this.#servers) server.closeAllConnections()
  }

  /** Open connections, of all servers. */
  async countConnections(): Promise<number> {
    const counts = await Promise.all(
      [...this.#servers].map(
        (server) =>
          new Promise<number>((resolve) => server.getConnections((error, count) => resolve(error ? 0 : count))),
      ),
    )
    return counts.reduce((sum, count) => sum + count, 0)
  }
}
