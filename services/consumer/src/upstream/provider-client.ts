import { HEADER, JSON_CONTENT_TYPE } from '@linkerd-scenario/contract'
import { type Dispatcher, Pool } from 'undici'
import type { ConsumerConfig } from '../config.ts'
import { spreadLookup } from './spread-lookup.ts'
import { type CallEnd, UpstreamExchange } from './upstream-exchange.ts'

export interface ProviderRequest {
  method: 'GET' | 'POST'
  text: string | undefined
  wantsHeaders: boolean
  /** The text as a JSON body, where the caller sent it as one that needs no escapes. */
  plainBody?: Buffer | undefined
  requestId: string
  /** Headers that go along: names in lower case and values, in turn. */
  headers: readonly string[]
  /** On a connection that is closed afterwards. */
  fresh?: boolean
}

/** Above the deadline, which is exact: undici's own clock is coarse, and only ends what the deadline could not. */
const BACKSTOP_MS = 5000

/**
 * Speaks HTTP with the provider, over a pool of kept-alive connections. Each call is made once: a retry here would
 * hide what the mesh does.
 */
export class ProviderClient {
  readonly #origin: string
  readonly #options: Pool.Options
  readonly #timeoutMs: number
  readonly #lifetimeMs: number
  #pool: Pool
  #poolSince = performance.now()
  /** Pools that are too old for a new call and have some under way. */
  readonly #retired = new Set<Pool>()

  constructor(config: ConsumerConfig, connections: number) {
    const { PROVIDER_HOST: host, PROVIDER_PORT: port, UPSTREAM_TIMEOUT_MS: timeoutMs } = config
    this.#timeoutMs = timeoutMs
    this.#lifetimeMs = config.UPSTREAM_CONNECTION_LIFETIME_MS
    this.#origin = `http://${host.includes(':') ? `[${host}]` : host}:${port}`
    this.#options = {
      connections,
      pipelining: 1,
      connect: { lookup: spreadLookup },
      connectTimeout: timeoutMs + BACKSTOP_MS,
      headersTimeout: timeoutMs + BACKSTOP_MS,
      bodyTimeout: timeoutMs + BACKSTOP_MS,
    }
    this.#pool = new Pool(this.#origin, this.#options)
  }

  /** Calls the provider; `onEnd` is told once how that ended. The result cancels it: the provider sees its connection close. */
  call(request: ProviderRequest, onEnd: (end: CallEnd) => void): () => void {
    const exchange = new UpstreamExchange(this.#timeoutMs, onEnd)
    this.#youngPool().dispatch(dispatchOptions(request), exchange)
    return () => exchange.cancel()
  }

  /** Cuts what is under way and closes the connections. */
  async close(): Promise<void> {
    await Promise.all([this.#pool, ...this.#retired].map((pool) => pool.destroy()))
  }

  /**
   * Under load a connection would live for ever, and with it the address that the name had once. So all of them go
   * together. (undici's own limit looks at every connection of the pool twice a call.)
   */
  #youngPool(): Pool {
    const now = performance.now()
    if (this.#lifetimeMs > 0 && now - this.#poolSince > this.#lifetimeMs) {
      const old = this.#pool
      this.#pool = new Pool(this.#origin, this.#options)
      this.#poolSince = now
      this.#retired.add(old)
      void old.close().finally(() => this.#retired.delete(old))
    }
    return this.#pool
  }
}

function dispatchOptions(request: ProviderRequest): Dispatcher.DispatchOptions {
  const { method, text, wantsHeaders, plainBody, requestId, fresh = false } = request
  const headers = ['accept', JSON_CONTENT_TYPE, HEADER.requestId, requestId, ...request.headers]
  if (method === 'POST') {
    headers.push('content-type', JSON_CONTENT_TYPE)
    const path = wantsHeaders ? '/?headers=true' : '/'
    return { method, path, headers, body: plainBody ?? JSON.stringify({ in: text }), reset: fresh }
  }
  // A JSON body may hold lone surrogates, which no URL can: they become U+FFFD.
  const input = text === undefined ? '' : `?in=${encodeURIComponent(text.toWellFormed())}`
  const query = wantsHeaders ? `${input === '' ? '?' : `${input}&`}headers=true` : input
  return { method, path: `/${query}`, headers, reset: fresh }
}
