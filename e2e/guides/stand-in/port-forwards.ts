import { once } from 'node:events'
import { connect, createServer, type Server, type Socket } from 'node:net'
import type { StandInPod } from '../../stand-in-mesh/pod.ts'
import { join } from '../../stand-in-mesh/proxy/plain-network.ts'

/** The port-forwards of a stand-in cluster: like kubectl's, each leads to one pod for as long as it is there. */
export class PortForwards {
  readonly #servers = new Map<number, Server>()
  readonly #sockets = new Set<Socket>()

  /** `ports` are like `6000:6000`. Returns what kubectl prints. */
  async open(pod: StandInPod, ports: readonly string[]): Promise<string> {
    const lines: string[] = []
    for (const pair of ports) {
      const [local = 0, remote = 0] = pair.split(':').map(Number)
      await this.#listen(local, () => realPort(pod, remote))
      lines.push(`Forwarding from 127.0.0.1:${local} -> ${remote}\n`)
    }
    return lines.join('')
  }

  close(): void {
    for (const server of this.#servers.values()) server.close()
    for (const socket of this.#sockets) socket.destroy()
    this.#servers.clear()
  }

  async #listen(local: number, port: () => number): Promise<void> {
    // A forward that was stopped is followed by another on its port.
    this.#servers.get(local)?.close()
    const server = createServer((socket) => {
      this.#sockets.add(socket.on('close', () => this.#sockets.delete(socket)))
      join(socket, connect(port(), '127.0.0.1'))
    })
    server.listen(local, '127.0.0.1')
    await once(server, 'listening')
    this.#servers.set(local, server)
  }
}

/** The port on this machine that stands for a port of the pod. */
function realPort(pod: StandInPod, port: number): number {
  if (port === pod.options.behaviour.proxyAdminPort) return pod.proxyAdminPort
  return port % 1000 === 1 ? pod.adminPort : pod.appPort
}
