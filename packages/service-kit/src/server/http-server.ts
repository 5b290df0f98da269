import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import { CONNECTION, isIdle, type TrackedSocket, trackConnection } from './connection.ts'
import { KEEP_ALIVE_TIMEOUT_MS, type Limits } from './limits.ts'

/**
 * The node:http servers behind one Fastify instance: two where `localhost` has two address families. With
 * a `serverFactory` Fastify listens on one address only, and `close()` closes only the connections that are idle then.
 */
export class HttpServers {
  readonly #servers: Server[] = []
  readonly #connections = new Set<TrackedSocket>()
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
        // Node's own answers to these two have no problem body and no x-responder.
        requireHostHeader: false,
      },
      listener,
    )
    server.on('checkExpectation', listener)
    // Without a listener Node closes the connection, without an answer or a log line.
    server.on('connect', (_request, stream) => {
      const socket = stream as TrackedSocket
      socket.on('error', () => {})
      // Node stops tracking queued responses here; destroying one twice is harmless.
      socket.once('close', () => {
        for (const response of socket[CONNECTION]?.queued ?? []) response.destroy()
      })
      server.emit('clientError', new Error('CONNECT asks for a tunnel, and this is not a proxy'), socket)
    })
    // Headers are limited by bytes. A limit by number would drop headers silently.
    server.maxHeadersCount = 0
    // A backstop. Below it, a connection above the limit gets a 503 that says so.
    server.maxConnections = connections * 2
    server.on('connection', (socket) => {
      trackConnection(socket)
      this.#connections.add(socket)
      socket.once('close', () => this.#connections.delete(socket))
    })
    this.#servers.push(server)
    return server
  }

  /** Listens on another address, with the handlers of the server that Fastify knows. */
  async listenAlso(main: Server, address: { host: string; port: number }): Promise<void> {
    const server = this.create((request, response) => void main.emit('request', request, response))
    server.on('clientError', (error, socket) => void main.emit('clientError', error, socket))
    server.listen(address)
    await once(server, 'listening')
    // Fastify closes only the main server, and releases what requests need once that is closed.
    const closeMain = main.close.bind(main)
    main.close = (callback) => {
      let open = 2
      const closed = (error?: Error) => {
        open -= 1
        if (open === 0) callback?.(error)
      }
      server.close(() => closed())
      return closeMain(closed)
    }
  }

  /** Closes the connections without a request in flight and without an answer that is not yet read. */
  closeIdleConnections(): void {
    for (const socket of this.#connections) if (isIdle(socket)) socket.destroy()
  }

  closeAllConnections(): void {
    for (const server of this.#servers) server.closeAllConnections()
  }

  /** Number of open connections, without those that were just destroyed. */
  countConnections(): number {
    return [...this.#connections].filter(({ destroyed }) => !destroyed).length
  }
}
