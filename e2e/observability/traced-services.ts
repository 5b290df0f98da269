import type { ReceivedSpan } from '@linkerd-scenario/test-kit/otlp-decode'
import type { OtlpReceiver } from '@linkerd-scenario/test-kit/otlp-receiver'
import { type ServiceProcess, spawnConsumer, spawnProvider } from '@linkerd-scenario/test-kit/service-process'
import { until } from '@linkerd-scenario/test-kit/until'
import { expect } from 'vitest'

/** The warning that a service logs once when spans begin to be lost. */
export const LOST = 'spans cannot be exported: they are dropped until the collector takes them'

/** A trace, and the span of a caller in it. */
export const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736'
export const CALLER_SPAN = '00f067aa0ba902b7'
export const SAMPLED = `00-${TRACE}-${CALLER_SPAN}-01`

/** Batches are exported at once, so that no test waits for five seconds. */
export const env = { FAULT_INJECTION: 'enabled', OTEL_BSP_SCHEDULE_DELAY: '50' }

export interface TracedServices extends AsyncDisposable {
  provider: ServiceProcess
  consumer: ServiceProcess
}

/** Both services, tracing to a receiver. `spawn` starts the provider. */
export async function traced(
  receiver: OtlpReceiver,
  more: NodeJS.ProcessEnv = {},
  spawn: typeof spawnProvider = spawnProvider,
): Promise<TracedServices> {
  const provider = await spawn({ ...env, ...receiver.env, ...more })
  const consumer = await spawnConsumer(provider.port, { ...env, ...receiver.env, ...more })
  return {
    provider,
    consumer,
    async [Symbol.asyncDispose]() {
      await consumer[Symbol.asyncDispose]()
      await provider[Symbol.asyncDispose]()
    },
  }
}

/** Waits until the receiver has at least `count` spans. */
export function received(receiver: OtlpReceiver, count: number): Promise<ReceivedSpan[]> {
  return until(
    () => receiver.spans,
    (spans) => spans.length >= count,
    { withinMs: 20_000 },
  )
}

/** One call, with its whole answer. */
export async function call(url: string, headers: Record<string, string> = {}) {
  const response = await fetch(url, { headers })
  return { status: response.status, body: await response.text() }
}

/** The spans of one call in the order of its path: consumer's server, consumer's client, provider's server. */
export function alongTheWay(spans: readonly ReceivedSpan[]): [ReceivedSpan, ReceivedSpan, ReceivedSpan] {
  const of = (service: string, kind: ReceivedSpan['kind']) => {
    const found = spans.filter((span) => span.resource['service.name'] === service && span.kind === kind)
    expect(found).toHaveLength(1)
    return found[0] as ReceivedSpan
  }
  return [of('consumer', 'server'), of('consumer', 'client'), of('provider', 'server')]
}
