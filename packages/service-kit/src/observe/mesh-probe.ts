import { get } from 'node:http'
import type { Meshed } from '@linkerd-scenario/contract'

/** Admin port of Linkerd's proxy, with its readiness at `/ready`. */
const PROXY_ADMIN_PORT = 4191
const PROBE_TIMEOUT_MS = 500
const REMEMBERED_MS = 5000

/**
 * Asks the proxy's admin port whether a Linkerd proxy runs in this pod. A positive answer is kept for five seconds; after
 * a negative answer or a timeout, each call of `read` asks again.
 */
export class MeshProbe {
  readonly #port: number
  #since: string | null = null
  #last: Promise<boolean> | undefined
  #lastAt = Number.NEGATIVE_INFINITY

  constructor(port = PROXY_ADMIN_PORT) {
    this.#port = port
  }

  async read(): Promise<Meshed> {
    const now = performance.now()
    if (this.#last === undefined || now - this.#lastAt > REMEMBERED_MS) {
      this.#lastAt = now
      this.#last = proxyIsReady(this.#port)
    }
    const meshed = await this.#last
    if (!meshed) this.#last = undefined
    this.#since = meshed ? (this.#since ?? new Date().toISOString()) : null
    return { meshed, since: this.#since }
  }
}

function proxyIsReady(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const request = get({ host: '127.0.0.1', port, path: '/ready', agent: false })
    // A deadline for the whole answer: an idle timeout would not end an answer that comes byte by byte.
    const deadline = setTimeout(() => request.destroy(), PROBE_TIMEOUT_MS)
    request.on('error', () => resolve(false))
    request.on('close', () => {
      clearTimeout(deadline)
      resolve(false)
    })
    request.on('response', (response) => {
      let body = ''
      response.setEncoding('utf8')
      response.on('data', (text: string) => {
        body += text
        if (body.length > 100) request.destroy()
      })
      // Another program on this port would not answer `ready`.
      response.on('end', () => resolve(response.statusCode === 200 && body.trim() === 'ready'))
    })
  })
}
