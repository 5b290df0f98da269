import { hostname } from 'node:os'
import type { ReceivedSpan } from '@linkerd-scenario/test-kit/otlp-decode'
import { grpcReceiver, httpReceiver } from '@linkerd-scenario/test-kit/otlp-receiver'
import type { ServiceProcess } from '@linkerd-scenario/test-kit/service-process'
import { until } from '@linkerd-scenario/test-kit/until'
import { describe, expect, test } from 'vitest'
import { alongTheWay, CALLER_SPAN, call, received, SAMPLED, TRACE, traced } from './traced-services.ts'

const DELAY_MS = 50
/** Node's timers may fire this early. */
const TIMER_MS = 1
/**
 * A time in nanoseconds since 1970, as a floating-point number of milliseconds, is exact to a quarter of a microsecond.
 */
const FLOAT_MS = 0.001

describe.each([
  ['http/protobuf', httpReceiver],
  ['grpc', grpcReceiver],
] as const)('over %s', (_protocol, start) => {
  test('one call is three spans, each the child of the one before, with names and attributes of the call', async () => {
    await using receiver = await start()
    await using services = await traced(receiver, {
      OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=test',
      OTEL_EXPORTER_OTLP_HEADERS: 'x-tenant=demo',
    })
    await call(`${services.consumer.url}/?in=secret`, { traceparent: SAMPLED, tracestate: 'vendor=1' })
    const spans = await received(receiver, 3)
    const [server, client, provider] = alongTheWay(spans)

    expect(spans.map(({ traceId }) => traceId)).toEqual([TRACE, TRACE, TRACE])
    expect(server).toMatchObject({ name: 'GET /', parentSpanId: CALLER_SPAN, isError: false, traceState: 'vendor=1' })
    expect(client).toMatchObject({ name: 'GET', parentSpanId: server.spanId, isError: false })
    expect(provider).toMatchObject({ name: 'GET /', parentSpanId: client.spanId, isError: false })
    expect(server.attributes).toMatchObject({
      'http.request.method': 'GET',
      'http.route': '/',
      'url.path': '/',
      'url.scheme': 'http',
      'client.address': '127.0.0.1',
      'http.response.status_code': 200,
      'linkerd_scenario.attempt': 1,
    })
    expect(client.attributes).toMatchObject({
      'http.request.method': 'GET',
      'http.response.status_code': 200,
      'server.address': '127.0.0.1',
      'server.port': services.provider.port,
      'url.full': `http://127.0.0.1:${services.provider.port}/`,
    })
    expect(server.resource).toMatchObject({
      'service.name': 'consumer',
      'service.version': 'v1',
      'k8s.pod.name': hostname(),
      'deployment.environment.name': 'test',
      'telemetry.sdk.language': 'nodejs',
    })
    // The caller's own values must not change.
    expect(JSON.stringify(spans)).not.toContain('secret')
    expect(receiver.exports[0]).toMatchObject({ 'x-tenant': 'demo' })

    await expectLogged(services.consumer, server)
    await expectLogged(services.provider, provider)
  })

  test('the times of the spans lie in each other and within the call, as clocks can tell', async () => {
    await using receiver = await start()
    await using services = await traced(receiver)
    const before = { wall: Date.now(), monotonic: performance.now() }
    await call(services.consumer.url, { 'x-fault': `delay;ms=${DELAY_MS};at=provider` })
    const after = Date.now()
    const [server, client, provider] = alongTheWay(await received(receiver, 3))
    const elapsedMs = performance.now() - before.monotonic
    const durationOf = ({ startMs, endMs }: ReceivedSpan) => endMs - startMs

    // A span starts at Date.now(), in whole milliseconds of the clock that all processes share: the order is exact.
    const starts = [before.wall, server.startMs, client.startMs, provider.startMs, after]
    expect(starts).toEqual(starts.toSorted((a, b) => a - b))
    // Its end is the start plus a duration by the process's monotonic clock: durations can be compared, ends across
    // processes cannot.
    expect(durationOf(client)).toBeLessThanOrEqual(durationOf(server) + FLOAT_MS)
    // The span had ended before it arrived here. Not before the answer ended: a server's span ends after its last byte.
    expect(durationOf(server)).toBeLessThanOrEqual(elapsedMs + FLOAT_MS)
    expect(durationOf(provider)).toBeLessThanOrEqual(elapsedMs + FLOAT_MS)
    for (const span of [server, client, provider]) expect(durationOf(span)).toBeGreaterThan(DELAY_MS - TIMER_MS)
  })
})

/** The line of the request names the service's own span. */
async function expectLogged(service: ServiceProcess, span: ReceivedSpan): Promise<void> {
  // The log comes through a separate pipe, and may arrive after the spans.
  const [line] = await until(
    () => service.logged('request'),
    (lines) => lines.length > 0,
    { withinMs: 20_000 },
  )
  expect(line).toMatchObject({ trace_id: span.traceId, span_id: span.spanId })
}

test('a burst of 500: a client span and a server span for each call, each call a trace', async () => {
  await using receiver = await httpReceiver()
  await using services = await traced(receiver)
  await (await fetch(`${services.consumer.adminUrl}/burst?n=500&concurrency=10`, { method: 'POST' })).text()
  const traces = Map.groupBy(await received(receiver, 1000), ({ traceId }) => traceId)
  expect(traces.size).toBe(500)
  for (const spans of traces.values()) {
    const [client, server] = spans.toSorted((a, b) => (a.kind < b.kind ? -1 : 1))
    expect(client).toMatchObject({ kind: 'client', parentSpanId: '' })
    expect(server).toMatchObject({ kind: 'server', parentSpanId: client?.spanId })
  }
})

test('a drain: the request that is in flight at SIGTERM has its whole span', async () => {
  await using receiver = await httpReceiver()
  await using services = await traced(receiver, { OTEL_BSP_SCHEDULE_DELAY: '60000' })
  const answer = call(services.consumer.url, { 'x-fault': 'delay;ms=800;at=consumer' })
  const active = async () => (await call(`${services.consumer.adminUrl}/metrics`)).body
  await until(active, (text) => text.includes('http_server_active_requests 1'), { withinMs: 20_000 })
  services.consumer.signal('SIGTERM')
  expect((await answer).status).toBe(200)
  expect(await services.consumer.ended).toEqual({ code: 0, signal: null })
  const server = receiver.spans.find(({ kind }) => kind === 'server')
  expect(server).toMatchObject({ isError: false, attributes: { 'http.response.status_code': 200 } })
})
