import { type AddressInfo, createServer, type Socket } from 'node:net'

/** Called with the connection and the text that it has received so far. */
export type Misbehaviour = (socket: Socket, received: string) => void

/** A TCP server that plays the provider. */
export interface MisbehavingUpstream extends AsyncDisposable {
  port: number
  /** Connections that are open now. */
  open: () => number
  /** Connections that were ever opened. */
  accepted: () => number
  close: () => Promise<void>
}

/** Listens at 127.0.0.1 and calls `onRequest` each time that a connection has received the headers of a request. */
export async function misbehavingUpstream(onRequest: Misbehaviour, port = 0): Promise<MisbehavingUpstream> {
  const sockets = new Set<Socket>()
  let accepted = 0
  const server = createServer((socket) => {
    accepted += 1
    sockets.add(socket)
    let received = ''
    socket.on('error', () => {})
    socket.on('close', () => sockets.delete(socket))
    socket.on('data', (chunk) => {
      received += chunk.toString()
      if (!received.includes('\r\n\r\n')) return
      onRequest(socket, received)
      received = ''
    })
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  const close = async () => {
    for (const socket of sockets) socket.destroy()
    // Closing it twice is allowed.
    await new Promise((resolve) => server.close(resolve))
  }
  return {
    port: (server.address() as AddressInfo).port,
    open: () => sockets.size,
    accepted: () => accepted,
    close,
    [Symbol.asyncDispose]: close,
  }
}

/** A whole HTTP answer as text, with its content-length. */
export function httpAnswer(status: number, headers: Record<string, string>, body = ''): string {
  const lines = Object.entries({ ...headers, 'content-length': String(Buffer.byteLength(body)) })
  return `HTTP/1.1 ${status} Status\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n${body}`
}

/** The answer of a provider. */
export function providerAnswer(message = 'made for the test'): string {
  const hop = { service: 'provider', version: 'v1', pod: 'test', caller: null, attempt: 1, status: 200, durationMs: 0 }
  const body = JSON.stringify({ message, hops: [hop] })
  return httpAnswer(200, { 'content-type': 'application/json', 'x-responder': 'provider/v1/test' }, body)
}
