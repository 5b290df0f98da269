import type { ProblemError } from '@linkerd-scenario/service-kit'
import type { Dispatcher } from 'undici'
import { consumerErrors } from '../errors.ts'
import { networkProblem } from './network-problem.ts'
import type { ProviderAnswer } from './provider-answer.ts'

/** The reason of a call that its caller gave up. */
export class CallCancelled extends Error {
  override readonly name = 'CallCancelled'
}

/** More than the largest answer that a provider sends. */
const MAX_ANSWER_BYTES = 16 * 1024 * 1024

/** How a call ended: with a whole answer, with a problem of origin `network` or `consumer`, or because it was cancelled. */
export type CallEnd = ProviderAnswer | ProblemError | CallCancelled

/**
 * One call over undici's dispatch: gathers the answer, and ends at its deadline or when it is cancelled, whatever
 * state the connection is in. (An AbortSignal would be seen only once the connection stands.) Tells its end once.
 */
export class UpstreamExchange implements Dispatcher.DispatchHandler {
  readonly #onEnd: (end: CallEnd) => void
  readonly #deadline: NodeJS.Timeout
  #controller: Dispatcher.DispatchController | undefined
  #ended: CallCancelled | ProblemError | true | undefined
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
    if (this.#ended !== undefined && this.#ended !== true) controller.abort(this.#ended)
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
    if (this.#ended !== undefined) return
    this.#ended = true
    clearTimeout(this.#deadline)
    const chunks = this.#chunks
    const [first] = chunks
    const body = chunks.length === 1 && first ? first : Buffer.concat(chunks)
    this.#onEnd({ status: this.#status, headers: this.#headers, body: body.toString() })
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#fail(networkProblem(error))
  }

  #fail(reason: CallCancelled | ProblemError): void {
    if (this.#ended !== undefined) return
    this.#ended = reason
    clearTimeout(this.#deadline)
    this.#controller?.abort(reason)
    this.#onEnd(reason)
  }
}

function timeoutProblem(timeoutMs: number): ProblemError {
  return consumerErrors.UPSTREAM_TIMEOUT({ detail: `No whole answer within ${timeoutMs} ms`, origin: 'consumer' })
}
