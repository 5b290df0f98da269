import { HEADER, JSON_CONTENT_TYPE } from '@linkerd-scenario/contract'
import {
  type CallSpan,
  type CallTracer,
  type MessageInput,
  ProblemError,
  type ServiceRuntime,
  withTraceContext,
} from '@linkerd-scenario/service-kit'
import { type Dispatcher, Pool } from 'undici'
import type { ConsumerConfig } from '../config.ts'
import { consumerErrors } from '../errors.ts'
import { networkProblem } from './network-problem.ts'
import type { Outcome } from './outcome.ts'
import type { ProviderAnswer } from './provider-answer.ts'
import { readAnswer, type TrustedProxy } from './read-answer.ts'
import { spreadLookup } from './spread-lookup.ts'

export interface ProviderRequest extends MessageInput {
  requestId: string
  /** Headers to pass on, in which lower-case names and values alternate. */
  headers: readonly string[]
  /** Makes the span of the call; undefined: no span, and the headers are sent unchanged. */
  tracer?: CallTracer | undefined
  /** Whether to close the connection after the call. */
  fresh?: boolean
}

/** The caller, who may leave before the answer. */
export interface Caller {
  whenCallerGone(listener: () => void): void
}

/** Says that the call was cancelled because its caller left. */
export class CallCancelled extends Error {
  override readonly name = 'CallCancelled'
}

/** undici's timeouts are coarse, so they are only a backstop, this long after our exact deadline. */
const BACKSTOP_MS = 5000

/** Longest answer that is read. A provider never sends one as long. */
const MAX_ANSWER_BYTES = 16 * 1024 * 1024

/**
 * Calls the provider over a pool of kept-alive connections. Each call is made once: a retry here would hide what the
 * mesh does.
 */
export class ProviderClient {
  readonly #address: { host: string; port: number }
  readonly #origin: string
  readonly #options: Pool.Options
  readonly #timeoutMs: number
  readonly #trustedProxy: TrustedProxy
  readonly #metrics: ServiceRuntime['metrics']
  readonly #renewal: NodeJS.Timeout | undefined
  #pool: Pool
  /** Pools that get no new calls and still have calls in flight. */
  readonly #retired = new Set<Pool>()

  constructor(config: ConsumerConfig, connections: number, metrics: ServiceRuntime['metrics']) {
    const { PROVIDER_HOST: host, PROVIDER_PORT: port, UPSTREAM_TIMEOUT_MS: timeoutMs } = config
    const lifetimeMs = config.UPSTREAM_CONNECTION_LIFETIME_MS
    this.#address = { host, port }
    this.#timeoutMs = timeoutMs
    this.#trustedProxy = config.TRUSTED_PROXY
    this.#metrics = metrics
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
    if (lifetimeMs > 0) this.#renewal = setInterval(() => this.#renewPool(), lifetimeMs).unref()
  }

  /**
   * Calls the provider once, and counts the outcome in the metrics. Rejects with CallCancelled if the caller leaves first:
   * then the connection to the provider is closed.
   */
  async call(request: ProviderRequest, caller?: Caller): Promise<Outcome> {
    const startedAt = performance.now()
    const span = request.tracer?.beginCall({ method: request.method, ...this.#address })
    const end = await this.#send(span === undefined ? request : tracedBy(span, request), caller)
    const durationMs = performance.now() - startedAt
    if (end instanceof CallCancelled) {
      this.#metrics.upstreamCalled(request.method, undefined, 'CALLER_GONE', undefined, durationMs)
      span?.end({ status: undefined, errorCode: 'CALLER_GONE' })
      throw end
    }
    const outcome = outcomeOf(end, durationMs, this.#trustedProxy)
    const { status, error, origin } = outcome
    this.#metrics.upstreamCalled(request.method, status, error?.code, origin, durationMs)
    span?.end({ status, errorCode: error?.code, origin, proxy: error?.options.proxy })
    return outcome
  }

  /** Cancels the calls in flight and closes the connections. */
  async close(): Promise<void> {
    clearInterval(this.#renewal)
    await Promise.all([this.#pool, ...this.#retired].map((pool) => pool.destroy()))
  }

  #send(request: ProviderRequest, caller: Caller | undefined): Promise<CallEnd> {
    return new Promise((resolve) => {
      const call = new UpstreamCall(this.#timeoutMs, resolve)
      this.#pool.dispatch(dispatchOptions(request), call)
      caller?.whenCallerGone(() => call.cancel())
    })
  }

  /**
   * Under load a connection would never close, and would keep an old address of the host name. So all connections are
   * replaced together. (undici's own limit checks every connection of the pool twice per call.)
   */
  #renewPool(): void {
    const old = this.#pool
    this.#pool = new Pool(this.#origin, this.#options)
    this.#retired.add(old)
    void old.close().finally(() => this.#retired.delete(old))
  }
}

function tracedBy({ context }: CallSpan, request: ProviderRequest): ProviderRequest {
  return { ...request, headers: withTraceContext(request.headers, context) }
}

/** How a call ended: with a whole answer, with a problem of origin `network` or `consumer`, or because it was cancelled. */
type CallEnd = ProviderAnswer | ProblemError | CallCancelled

/**
 * One call over undici's dispatch. It collects the answer, and ends at its deadline or when it is cancelled, in any state
 * of the connection. (undici checks an AbortSignal only after the connection is established.)
 */
class UpstreamCall implements Dispatcher.DispatchHandler {
  readonly #onEnd: (end: CallEnd) => void
  readonly #deadline: NodeJS.Timeout
  #controller: Dispatcher.DispatchController | undefined
  #isEnded = false
  /** Why a call that ended before its connection was open has to be aborted. */
  #abortReason: CallCancelled | ProblemError | undefined
  #status = 0
  #headers: ProviderAnswer['headers'] = {}
  readonly #chunks: Buffer[] = []
  #bytes = 0

  constructor(timeoutMs: number, onEnd: (end: CallEnd) => void) {
    this.#onEnd = onEnd
    this.#deadline = setTimeout(() => this.#fail(timeoutProblem(timeoutMs)), timeoutMs)
  }

  cancel(): void {
    this.#fail(new CallCancelled('The caller left'))
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    if (this.#abortReason !== undefined) controller.abort(this.#abortReason)
    else this.#controller = controller
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: ProviderAnswer['headers'],
  ): void {
    // Called for 1xx answers too: the last one counts.
    this.#status = status
    this.#headers = headers
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#bytes += chunk.length
    if (this.#bytes > MAX_ANSWER_BYTES) {
      const detail = `The answer is larger than ${MAX_ANSWER_BYTES} bytes`
      this.#fail(consumerErrors.UPSTREAM_INVALID({ detail, origin: 'network' }))
    } else this.#chunks.push(chunk)
  }

  onResponseEnd(): void {
    if (this.#isEnded) return
    this.#isEnded = true
    clearTimeout(this.#deadline)
    const body = Buffer.concat(this.#chunks).toString()
    this.#onEnd({ status: this.#status, headers: this.#headers, body })
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#fail(networkProblem(error))
  }

  #fail(reason: CallCancelled | ProblemError): void {
    if (this.#isEnded) return
    this.#isEnded = true
    this.#abortReason = reason
    clearTimeout(this.#deadline)
    this.#controller?.abort(reason)
    this.#onEnd(reason)
  }
}

function dispatchOptions(request: ProviderRequest): Dispatcher.DispatchOptions {
  const { method, text, wantsHeaders, requestId, fresh = false } = request
  const headers = ['accept', JSON_CONTENT_TYPE, HEADER.requestId, requestId, ...request.headers]
  if (method === 'POST') {
    headers.push('content-type', JSON_CONTENT_TYPE)
    const path = wantsHeaders ? '/?headers=true' : '/'
    return { method, path, headers, body: JSON.stringify({ in: text }), reset: fresh }
  }
  // Lone surrogates are valid in JSON but not in a URL: they become U+FFFD.
  const input = text === undefined ? '' : `?in=${encodeURIComponent(text.toWellFormed())}`
  const query = wantsHeaders ? `${input === '' ? '?' : `${input}&`}headers=true` : input
  return { method, path: `/${query}`, headers, reset: fresh }
}

function outcomeOf(end: ProviderAnswer | ProblemError, durationMs: number, trusted: TrustedProxy): Outcome {
  if (end instanceof ProblemError) return failure(end, undefined, durationMs)
  const message = readAnswer(end, trusted)
  if (message instanceof ProblemError) return failure(message, end.status, durationMs)
  return { status: end.status, durationMs, message }
}

function failure(error: ProblemError, status: number | undefined, durationMs: number): Outcome {
  return { status, durationMs, error, origin: error.options.origin }
}

function timeoutProblem(timeoutMs: number): ProblemError {
  return consumerErrors.UPSTREAM_TIMEOUT({ detail: `No whole answer within ${timeoutMs} ms`, origin: 'consumer' })
}
