import { isIPv6 } from 'node:net'
import { type Dispatcher, Pool } from 'undici'
import type { ConsumerConfig } from '../config.ts'
import type { ProviderAnswer } from './provider-answer.ts'
import { spreadLookup } from './spread-lookup.ts'
import { UpstreamExchange } from './upstream-exchange.ts'

export interface ProviderRequest {
  method: 'GET' | 'POST'
  text: string | undefined
  wantsHeaders: boolean
  /** Headers that go along, by lower-case name. */
  headers: Record<string, string>
  /** On a connection that is closed afterwards. */
  fresh?: boolean
}

/** A call under way. */
export interface ProviderCall {
  /** Rejects with a ProblemError of origin `network` or `consumer`, or with CallCancelled. */
  answer: Promise<ProviderAnswer>
  /** Ends the call: the provider sees its connection close. */
  cancel: () => void
}

/** Above the deadline, which is exact: undici's own clock is coarse, and only ends what the deadline could not. */
const BACKSTOP_MS = 5000

/**
 * Speaks HTTP with the provider, over a pool of kept-alive connections. Each call is made once: a retry here would
 * hide what the mesh does.
 */
export class ProviderClient {
  readonly #pool: Pool
  readonly #timeoutMs: number

  constructor(config: ConsumerConfig, connections: number) {
    const { PROVIDER_HOST: host, PROVIDER_PORT: port, UPSTREAM_TIMEOUT_MS: timeoutMs } = config
    this.#timeoutMs = timeoutMs
    this.#pool = new Pool(`http://${isIPv6(host) ? `[${host}]` : host}:${port}`, {
      connections,
      pipelining: 1,
      // Under load a connection would live for ever, and with it the address that the name had once.
      clientTtl: config.UPSTREAM_CONNECTION_LIFETIME_MS,
      connect: { lookup: spreadLookup },
      connectTimeout: timeoutMs + BACKSTOP_MS,
      headersTimeout: timeoutMs + BACKSTOP_MS,
      bodyTimeout: timeoutMs + BACKSTOP_MS,
    })
  }

  call(request: ProviderRequest): ProviderCall {
    const exchange = new UpstreamExchange(this.#timeoutMs)
    this.#pool.dispatch({ ...dispatchOptions(request), reset: request.fresh ?? false }, exchange)
    return { answer: exchange.answer, cancel: () => exchange.cancel() }
  }

  /** Cuts what is under way and closes the connections. */
  close(): Promise<void> {
    return this.#pool.destroy()
  }
}

function dispatchOptions({ method, text, wantsHeaders, headers }: ProviderRequest): Dispatcher.DispatchOptions {
  const query = wantsHeaders ? 'headers=true' : ''
  if (method === 'POST') {
    return {
      method,
      path: query === '' ? '/' : `/?${query}`,
      headers: { ...headers, accept: 'application/json', 'content-type': 'application/json' },
      body: JSON.stringify({ in: text }),
    }
  }
  // A JSON body may hold lone surrogates, which no URL can: they become U+FFFD.
  const input = text === undefined ? '' : `in=${encodeURIComponent(text.toWellFormed())}`
  const path = [input, query].filter((part) => part !== '').join('&')
  return { method, path: path === '' ? '/' : `/?${path}`, headers: { ...headers, accept: 'application/json' } }
}
