import type { Hop, Origin } from '@linkerd-scenario/contract'
import { ProblemError, type ServiceRuntime } from '@linkerd-scenario/service-kit'
import type { ProviderClient, ProviderRequest } from './provider-client.ts'
import { type ProviderMessage, readAnswer } from './read-answer.ts'
import { CallCancelled, type CallEnd } from './upstream-exchange.ts'

/** What became of one call. */
export type Outcome = { durationMs: number } & (
  | { status: number; message: ProviderMessage; error?: undefined; origin?: undefined }
  | {
      /** undefined where no HTTP answer came. */
      status: number | undefined
      message?: undefined
      error: ProblemError
      origin: Origin | undefined
    }
)

/**
 * Calls the provider once and says what became of it, in the metrics too: `done` gets the outcome, once, or undefined
 * after the function that is returned has cancelled the call.
 */
export function callProvider(
  client: ProviderClient,
  metrics: ServiceRuntime['metrics'],
  request: ProviderRequest,
  done: (outcome: Outcome | undefined) => void,
): () => void {
  const startedAt = performance.now()
  return client.call(request, (end) => {
    const durationMs = performance.now() - startedAt
    if (end instanceof CallCancelled) {
      metrics.upstreamCalled(request.method, undefined, 'CALLER_GONE', undefined, durationMs)
      done(undefined)
      return
    }
    const outcome = outcomeOf(end, request, durationMs)
    metrics.upstreamCalled(request.method, outcome.status, outcome.error?.code, outcome.origin, durationMs)
    done(outcome)
  })
}

/** The services that told of themselves, in the message or in the problem. */
export function hopsOf({ message, error }: Outcome): readonly Hop[] {
  return message?.parsed.hops ?? error?.options.hops ?? []
}

function outcomeOf(
  end: Exclude<CallEnd, CallCancelled>,
  { text, plainBody }: ProviderRequest,
  durationMs: number,
): Outcome {
  if (end instanceof ProblemError) return failure(end, undefined, durationMs)
  const message = readAnswer(end, plainBody === undefined ? undefined : text)
  if (message instanceof ProblemError) return failure(message, end.status, durationMs)
  return { status: end.status, durationMs, message }
}

function failure(error: ProblemError, status: number | undefined, durationMs: number): Outcome {
  return { status, durationMs, error, origin: error.options.origin }
}
