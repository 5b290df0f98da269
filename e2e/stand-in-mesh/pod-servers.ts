import { once } from 'node:events'
import type { Server as HttpServer } from 'node:http'
import type { AddressInfo, Server, Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

/** How long a proxy may take to forward the last answers of a service that has ended. */
const LAST_ANSWERS_MS = 5000

/** The servers of a pod's proxy. */
export class PodServers {
  readonly #servers: (Server | HttpServer)[] = []
  readonly #sockets = new Set<Socket>()

  /** Returns the port. */
  async listen(server: Server | HttpServer): Promise<number> {
    this.#servers.push(server)
    server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket)
      socket.on('close', () => this.#sockets.delete(socket))
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    return (server.address() as AddressInfo).port
  }

  /** Accepts no more connections, and waits for the last answers on the open ones. */
  async drain(): Promise<void> {
    const open = this.#servers.filter((server) => server.listening)
    const closed = Promise.all(open.map((server) => once(server, 'close')))
    for (const server of open) server.close()
    // A connection that becomes idle after the close would otherwise stay open for its whole keep-alive time.
    const sweep = setInterval(() => {
      for (const server of open) if ('closeIdleConnections' in server) server.closeIdleConnections()
    }, 20)
    await Promise.race([closed, sleep(LAST_ANSWERS_MS, undefined, { ref: false })])
    clearInterval(sweep)
  }

  close(): void {
    for (const server of this.#servers) server.close()
    for (const socket of this.#sockets) socket.destroy()
  }
}
