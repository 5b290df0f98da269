import { httpReceiver } from '@linkerd-scenario/test-kit/otlp-receiver'
import { expect, test } from 'vitest'
import { alongTheWay, CALLER_SPAN, call, received, SAMPLED, TRACE, traced } from './traced-services.ts'

const UNSAMPLED = `00-${TRACE}-${CALLER_SPAN}-00`

/** The headers that the provider received. */
function atProvider(body: string): Record<string, string> {
  const { hops } = JSON.parse(body) as { hops: { headers?: [string, string][] }[] }
  return Object.fromEntries(hops[1]?.headers ?? [])
}

test('a parent that is not sampled makes no span, and its headers go on as they came', async () => {
  await using receiver = await httpReceiver()
  await using services = await traced(receiver)
  const b3 = `${TRACE}-${CALLER_SPAN}-0`
  const { body } = await call(`${services.consumer.url}/?headers=true`, { traceparent: UNSAMPLED, b3 })
  expect(atProvider(body)).toMatchObject({ traceparent: UNSAMPLED, b3 })
  await call(services.consumer.url, { traceparent: SAMPLED })
  expect((await received(receiver, 3)).map(({ parentSpanId }) => parentSpanId)).toContain(CALLER_SPAN)
  expect(receiver.spans).toHaveLength(3)
})

test('the provider gets the span of the call as its parent, and B3 as it came', async () => {
  await using receiver = await httpReceiver()
  await using services = await traced(receiver)
  const b3 = `${TRACE}-${CALLER_SPAN}-1`
  const { body } = await call(`${services.consumer.url}/?headers=true`, { b3, baggage: 'a=1' })
  const [, client] = alongTheWay(await received(receiver, 3))
  expect(atProvider(body)).toMatchObject({ b3, baggage: 'a=1', traceparent: `00-${TRACE}-${client.spanId}-01` })
})

test('without a collector in the environment, or with OTEL_SDK_DISABLED, the headers go on as they came', async () => {
  await using receiver = await httpReceiver()
  for (const more of [{ OTEL_SDK_DISABLED: 'true' }, { OTEL_EXPORTER_OTLP_ENDPOINT: '' }]) {
    await using services = await traced(receiver, more)
    const headers = { traceparent: SAMPLED, tracestate: 'a=1', b3: `${TRACE}-${CALLER_SPAN}-1` }
    const { body } = await call(`${services.consumer.url}/?headers=true`, headers)
    expect(atProvider(body)).toMatchObject(headers)
  }
  expect(receiver.exports).toEqual([])
})

test('with a sampling ratio each trace is exported whole or not at all', async () => {
  await using receiver = await httpReceiver()
  await using services = await traced(receiver, {
    OTEL_TRACES_SAMPLER: 'parentbased_traceidratio',
    OTEL_TRACES_SAMPLER_ARG: '0.3',
    OTEL_BSP_SCHEDULE_DELAY: '60000',
  })
  for (let n = 0; n < 100; n += 1) await call(services.consumer.url)
  for (const process of [services.consumer, services.provider]) {
    process.signal('SIGTERM')
    await process.ended
  }
  const traces = Map.groupBy(receiver.spans, ({ traceId }) => traceId)
  // 30 of 100: outside these bounds once in a million runs.
  expect(traces.size).toBeGreaterThan(8)
  expect(traces.size).toBeLessThan(55)
  for (const spans of traces.values()) alongTheWay(spans)
})
