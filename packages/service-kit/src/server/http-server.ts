import { once } from 'node:events'
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { Connection } from './connection.ts'
import { KEEP_ALIVE_TIMEOUT_MS, type Limits } from './limits.ts'

/**
 * The node:http servers behind one Fastify instance: two where `localhost` has two address families. Fastify listens
 * on one address alone where it did not make the server itself, and closes only what is idle when its close begins.
 */
export class HttpServers {
  readonly #servers: Server[] = []
  readonly #connections = new Map<Socket, Connection>()
  /** Responses that wait for their turn on a connection whose requests were pipelined. */
  readonly #waiting = new WeakMap<Socket, Set<ServerResponse>>()
  readonly #limits: Limits

  constructor(limits: Limits) {
    this.#limits = limits
  }

  /** A `serverFactory` for Fastify. */
  readonly create = (listener: RequestListener): Server => {
    const { headerBytes, headersTimeoutMs, requestTimeoutMs, connections } = this.#limits
    const take = (request: IncomingMessage, response: ServerResponse) => {
      if (response.socket === null) this.#wait(request.socket, response)
      this.#connections.get(request.socket)?.begin(response)
      listener(request, response)
    }
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
      take,
    )
    server.on('checkExpectation', take)
    // Without a listener Node closes the connection, without a word or a line.
    server.on('connect', (_request, stream) => {
      const socket = stream as Socket
      socket.on('error', () => {})
      // Here Node has let go of the connection, and with it of the responses that wait. One may still have got its turn:
      // a response that is destroyed closes once.
      socket.once('close', () => {
        for (const response of this.#waiting.get(socket) ?? []) response.destroy()
      })
      server.emit('clientError', new Error('CONNECT asks for a tunnel, and this is no proxy'), socket)
    })
    // The bytes are limited; a limit by number would drop headers without a word.
    server.maxHeadersCount = 0
    // A backstop: up to here a connection above the limit gets an answer that says so.
    server.maxConnections = connections * 2
    server.on('connection', (socket) => {
      this.#connections.set(socket, new Connection(socket))
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
    // Fastify closes the main one alone, and lets go what the requests need once that is done.
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

  #wait(socket: Socket, response: ServerResponse): void {
    const waiting = this.#waiting.get(socket) ?? new Set()
    this.#waiting.set(socket, waiting.add(response))
    response.once('close', () => waiting.delete(response))
  }

  /** Closes the connections on which no request is under way and no answer waits for its reader. */
  closeIdleConnections(): void {
    for (const [socket, connection] of this.#connections) if (connection.isIdle) socket.destroy()
  }

  closeAllConnections(): void {
    for (const server of this.#servers) server.closeAllConnections()
  }

  /** Open connections; one that was just destroyed is not open any more. */
  countConnections(): number {
    return [...this.#connections.keys()].filter(({ destroyed }) => !destroyed).length
  }
}
