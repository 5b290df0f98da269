import type { Dispatcher } from 'undici'
import { consumerErrors } from '../errors.ts'
import { networkProblem } from './network-problem.ts'
import type { ProviderAnswer } from './provider-answer.ts'

/** The reason of a call that its caller gave up. */
export class CallCancelled extends Error {}

/** More than the largest answer that a provider sends. */
const MAX_ANSWER_BYTES = 16 * 1024 * 1024

/**
 * One call over undici's dispatch: gathers the answer, and ends at its deadline or when it is cancelled, whatever
 * state the connection is in. (An AbortSignal would be seen only once the connection stands.)
 */
export class UpstreamExchange implements Dispatcher.DispatchHandler {
  readonly answer: Promise<ProviderAnswer>
  readonly #resolve: (answer: ProviderAnswer) => void
  readonly #reject: (reason: Error) => void
  readonly #deadline: NodeJS.Timeout
  #controller: Dispatcher.DispatchController | undefined
  #ended: Error | true | undefined
  #status = 0
  #headers: ProviderAnswer['headers'] = {}
  readonly #chunks: Buffer[] = []
  #bytes = 0

  constructor(timeoutMs: number) {
    const { promise, resolve, reject } = Promise.withResolvers<ProviderAnswer>()
    this.answer = promise
    this.#resolve = resolve
    this.#reject = reject
    this.#deadline = setTimeout(
      () =>
        this.#fail(
          consumerErrors.UPSTREAM_TIMEOUT({ detail: `No whole answer within ${timeoutMs} ms`, origin: 'consumer' }),
        ),
      timeoutMs,
    )
  }

  cancel(): void {
    this.#fail(new CallCancelled('The caller left'))
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    if (this.#ended instanceof Error) controller.abort(this.#ended)
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
    if (this.#bytes <= MAX_ANSWER_BYTES) this.#chunks.push(chunk)
    else
      this.#fail(
        consumerErrors.UPSTREAM_INVALID({
          detail: `The answer is larger than ${MAX_ANSWER_BYTES} bytes`,
          origin: 'network',
        }),
      )
  }

  onResponseEnd(): void {
    if (this.#ended !== undefined) return
    this.#ended = true
    clearTimeout(this.#deadline)
    const [first] = this.#chunks
    const body = this.#chunks.length === 1 && first ? first : Buffer.concat(this.#chunks)
    this.#resolve({ status: this.#status, headers: this.#headers, body: body.toString() })
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#fail(networkProblem(error))
  }

  #fail(reason: Error): void {
    if (this.#ended !== undefined) return
    this.#ended = reason
    clearTimeout(this.#deadline)
    this.#controller?.abort(reason)
    this.#reject(reason)
  }
}
