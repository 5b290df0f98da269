import { HEADER, LIVE_LIMITS } from '@linkerd-scenario/contract'
import { problemBody, type ServiceRuntime } from '@linkerd-scenario/service-kit'
import type { ConsumerConfig } from '../config.ts'
import { hopsOf, type Outcome } from '../upstream/outcome.ts'
import { ProviderClient } from '../upstream/provider-client.ts'
import type { CallResult } from './call-result.ts'

export interface LiveRequest {
  requestId: string
  /** Nothing is sent where this, or one of the two headers, is empty. */
  text: string
  fault: string
  route: string
}

/** How much of a message a cell keeps, characters. */
const MESSAGE_LENGTH = 200

/** Makes single calls to the provider over its own connections. `close` aborts those in flight. */
export function callerOf({ settings, metrics, tracing }: ServiceRuntime<ConsumerConfig>): {
  call: (request: LiveRequest) => Promise<CallResult>
  close: () => Promise<void>
} {
  const client = new ProviderClient(settings, LIVE_LIMITS.concurrency, metrics)
  const tracer = tracing?.tracerOf({})
  return {
    async call({ requestId, text, fault, route }) {
      const headers = [...header(HEADER.fault, fault), ...header(HEADER.route, route)]
      const request = {
        method: 'GET',
        text: text || undefined,
        wantsHeaders: false,
        requestId,
        headers,
        tracer,
      } as const
      // It rejects only when a call is cancelled, and no call here is.
      return resultOf(await client.call(request), requestId)
    },
    close: () => client.close(),
  }
}

const header = (name: string, value: string) => (value === '' ? [] : [name, value])

function resultOf(outcome: Outcome, requestId: string): CallResult {
  const { status = null, durationMs: latencyMs, error, message } = outcome
  const result = { status, latencyMs, hops: hopsOf(outcome) }
  if (error === undefined) return { ...result, message: message.value.message.slice(0, MESSAGE_LENGTH) }
  const { hops: _, ...problem } = problemBody(error, requestId, 'consumer')
  return { ...result, problem }
}
