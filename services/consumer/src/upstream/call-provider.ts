import { HEADER, type Hop, type Message, type Origin } from '@linkerd-scenario/contract'
import { ProblemError, type ServiceRuntime } from '@linkerd-scenario/service-kit'
import type { ProviderAnswer } from './provider-answer.ts'
import type { ProviderClient, ProviderRequest } from './provider-client.ts'
import { readAnswer } from './read-answer.ts'
import { CallCancelled } from './upstream-exchange.ts'

/** What became of one call. */
export interface Outcome {
  /** undefined where no HTTP answer came. */
  status: number | undefined
  durationMs: number
  message?: Message
  /** The JSON text that the message was read from. */
  text?: string
  error?: ProblemError
  origin?: Origin
  /** The services that told of themselves, in the message or in the problem. */
  hops: readonly Hop[]
}

export interface OutgoingRequest extends ProviderRequest {
  requestId: string
}

/**
 * Calls the provider once and says what became of it, in the metrics too. Rejects with CallCancelled alone, once
 * `onStart`'s argument was called.
 */
export async function callProvider(
  client: ProviderClient,
  metrics: ServiceRuntime['metrics'],
  request: OutgoingRequest,
  onStart: (cancel: () => void) => void,
): Promise<Outcome> {
  const startedAt = performance.now()
  const headers = { ...request.headers, [HEADER.requestId]: request.requestId }
  let answer: ProviderAnswer | undefined
  let outcome: Outcome
  try {
    const call = client.call({ ...request, headers })
    onStart(call.cancel)
    answer = await call.answer
    const message = readAnswer(answer)
    const durationMs = performance.now() - startedAt
    outcome = { status: answer.status, durationMs, message, text: answer.body, hops: message.hops }
  } catch (error) {
    const durationMs = performance.now() - startedAt
    if (error instanceof CallCancelled) {
      metrics.upstreamCalled(request.method, undefined, 'CALLER_GONE', undefined, durationMs)
      throw error
    }
    if (!(error instanceof ProblemError)) throw error
    const { origin, hops = [] } = error.options
    outcome = { status: answer?.status, durationMs, error, hops, ...(origin === undefined ? {} : { origin }) }
  }
  metrics.upstreamCalled(request.method, outcome.status, outcome.error?.code, outcome.origin, outcome.durationMs)
  return outcome
}
