import { connect, type Socket } from 'node:net'

/** One answer as received. */
export interface RawAnswer {
  status: number
  /** By lower-case name; the last of several. */
  headers: Record<string, string>
  body: string
}

/** A TCP connection that sends given bytes and collects the answers. */
export class RawConnection implements AsyncDisposable {
  readonly socket: Socket
  readonly closed: Promise<void>
  /** The code of the error that ended the connection, such as ECONNRESET. */
  errorCode: string | undefined
  #received = Buffer.alloc(0)

  constructor(port: number, host = '127.0.0.1') {
    this.socket = connect({ port, host })
    this.closed = new Promise((resolve) => this.socket.once('close', () => resolve()))
    this.socket.on('error', (error: NodeJS.ErrnoException) => {
      this.errorCode = error.code
    })
    this.socket.on('data', (chunk: Buffer) => {
      this.#received = Buffer.concat([this.#received, chunk])
    })
  }

  /** All bytes received so far. */
  get bytes(): Buffer {
    return this.#received
  }

  get received(): string {
    return this.#received.toString()
  }

  /** The answers so far; content-length says where each body ends. */
  get answers(): RawAnswer[] {
    return parseAnswers(this.#received)
  }

  send(bytes: string | Buffer): void {
    this.socket.write(bytes)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.socket.destroy()
    await this.closed
  }
}

/** Sends `bytes` on a new connection, and returns the answers after the other side has closed it. */
export async function rawExchange(port: number, bytes: string | Buffer): Promise<RawAnswer[]> {
  await using connection = new RawConnection(port)
  connection.send(bytes)
  await connection.closed
  return connection.answers
}

/** The complete answers in the bytes of a connection. */
export function parseAnswers(bytes: Buffer): RawAnswer[] {
  const answers: RawAnswer[] = []
  let rest = bytes
  for (let end = rest.indexOf('\r\n\r\n'); end !== -1; end = rest.indexOf('\r\n\r\n')) {
    const [statusLine = '', ...lines] = rest.subarray(0, end).toString('latin1').split('\r\n')
    const headers = Object.fromEntries(
      lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]),
    )
    const bodyEnd = end + 4 + Number(headers['content-length'] ?? 0)
    if (rest.length < bodyEnd) return answers
    answers.push({
      status: Number(statusLine.split(' ')[1]),
      headers,
      body: rest.subarray(end + 4, bodyEnd).toString(),
    })
    rest = rest.subarray(bodyEnd)
  }
  return answers
}
