import { connect, createServer, type Server, type Socket } from 'node:net'

/** Joins two sockets until one of them ends. */
export function join(socket: Socket, onward: Socket): void {
  for (const [one, other] of [
    [socket, onward],
    [onward, socket],
  ] as const) {
    one.on('error', () => other.destroy())
    one.on('close', () => other.destroy())
    one.pipe(other)
  }
}

/**
 * A cluster without a proxy: each connection goes to one pod of the Service, and stays there. `ports` are those of the
 * ready pods.
 */
export function plainNetwork(ports: () => readonly number[]): Server {
  return createServer((socket) => {
    const open = ports()
    const port = open[Math.floor(Math.random() * open.length)]
    if (port === undefined) return void socket.destroy()
    join(socket, connect(port, '127.0.0.1'))
  })
}
