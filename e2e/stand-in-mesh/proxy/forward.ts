import { Agent, type IncomingHttpHeaders, type IncomingMessage, request, type ServerResponse } from 'node:http'

/** An answer that a proxy forwards. */
export interface Answer {
  status: number
  headers: IncomingHttpHeaders
  body: Buffer
}

/** A request that a proxy forwards. */
export interface Sent {
  method: string
  url: string
  headers: IncomingHttpHeaders
  body: Buffer
}

/** Longer than any run: a proxy must not close a connection that its caller is about to reuse. */
export const KEEP_ALIVE_MS = 600_000

/** A pool of keep-alive connections per proxy. */
export function pool(): Agent {
  return new Agent({ keepAlive: true, timeout: 3000 })
}

/** An answer made by a proxy itself: without a body, and with the reason if it is the caller's own proxy. */
export function emptyAnswer(status: number, reason?: string): Answer {
  return { status, headers: reason === undefined ? {} : { 'l5d-proxy-error': reason }, body: Buffer.alloc(0) }
}

/** Forwards a request and collects the answer. Rejects if the connection fails, and with the signal's reason. */
export function forward(agent: Agent, port: number, sent: Sent, signal: AbortSignal): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { 'transfer-encoding': _chunked, connection: _own, 'keep-alive': _time, ...headers } = sent.headers
    const outgoing = request(
      { agent, host: '127.0.0.1', port, method: sent.method, path: sent.url, headers, signal },
      (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('error', reject)
        response.on('end', () =>
          response.complete
            ? resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) })
            : reject(new Error('The answer ended early')),
        )
      },
    )
    outgoing.on('error', reject)
    outgoing.end(sent.body)
  })
}

/** A request's whole body. */
export async function bodyOf(incoming: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of incoming) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

/** Forwards an answer to the caller, without hop-by-hop headers. */
export function reply(outgoing: ServerResponse, { status, headers, body }: Answer): void {
  const { connection: _connection, 'keep-alive': _keepAlive, 'transfer-encoding': _encoding, ...rest } = headers
  outgoing.writeHead(status, { ...rest, 'content-length': body.length }).end(body)
}
