import { get } from 'node:http'
import type { Meshed } from '@linkerd-scenario/contract'

/** Linkerd's proxy serves its own readiness there, in every pod it was injected into. */
const PROXY_ADMIN_PORT = 4191
const PROBE_TIMEOUT_MS = 500
const REMEMBERED_MS = 5000

/**
 * Whether a Linkerd proxy serves this pod: asks its admin port. One that was found is not asked again for five seconds;
 * one that was not found, or was too busy to say so in time, is asked at each reading.
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
    // The whole answer is due by then: an idle timeout would wait for one that drips.
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
      // The proxy answers `ready`, and another program on this port would not.
      response.on('end', () => resolve(response.statusCode === 200 && body.trim() === 'ready'))
    })
  })
}
