import { request as httpRequest } from 'node:http'
import { hostname } from 'node:os'
import type { ReceivedSpan } from '@linkerd-scenario/test-kit/otlp-decode'
import { grpcReceiver, httpReceiver } from '@linkerd-scenario/test-kit/otlp-receiver'
import { spawnProvider, spawnSlowProvider } from '@linkerd-scenario/test-kit/service-process'
import { until } from '@linkerd-scenario/test-kit/until'
import { describe, expect, test } from 'vitest'
import { alongTheWay, call, env, received, traced } from './traced-services.ts'

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736'
const CALLER_SPAN = '00f067aa0ba902b7'
const SAMPLED = `00-${TRACE}-${CALLER_SPAN}-01`
const UNSAMPLED = `00-${TRACE}-${CALLER_SPAN}-00`

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

    for (const process of [services.consumer, services.provider]) {
      // The log comes through a separate pipe, and may arrive after the spans.
      const [line] = await until(
        () => process.logged('request'),
        (lines) => lines.length > 0,
        { withinMs: 20_000 },
      )
      const own = process === services.consumer ? server : provider
      expect(line).toMatchObject({ trace_id: TRACE, span_id: own.spanId })
    }
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

/** The headers that the provider received. */
function atProvider(body: string): Record<string, string> {
  const { hops } = JSON.parse(body) as { hops: { headers?: [string, string][] }[] }
  return Object.fromEntries(hops[1]?.headers ?? [])
}

describe('what a person expects to see of', () => {
  test('a fault: the error, its origin, and the fault as an event', async () => {
    await using receiver = await httpReceiver()
    await using services = await traced(receiver)
    const fault = 'delay;ms=20, status;code=503'
    await call(services.consumer.url, { 'x-fault': fault, 'l5d-client-id': 'me.demo.serviceaccount' })
    const [server, client, provider] = alongTheWay(await received(receiver, 3))
    expect(provider).toMatchObject({ isError: true, attributes: { 'error.type': 'FAULT_INJECTED' } })
    expect(provider.events.map(({ attributes }) => attributes['linkerd_scenario.fault'])).toEqual([
      'delay;ms=20',
      'status;code=503',
    ])
    for (const span of [server, client]) {
      expect(span).toMatchObject({
        isError: true,
        attributes: { 'http.response.status_code': 503, 'linkerd_scenario.origin': 'provider' },
      })
    }
    expect(server.attributes['linkerd_scenario.caller']).toBe('me.demo.serviceaccount')
    expect(provider.endMs - provider.startMs).toBeGreaterThan(15)
  })

  test('a retry by the mesh: two server spans of the provider below one client span, with their attempts', async () => {
    await using receiver = await httpReceiver()
    await using provider = await spawnProvider({ ...env, ...receiver.env })
    // Like a retry by the mesh: the same request again.
    const headers = { traceparent: SAMPLED, 'x-request-id': 'retried-1', 'x-fault': 'status;code=503;times=1' }
    expect((await call(provider.url, headers)).status).toBe(503)
    expect((await call(provider.url, headers)).status).toBe(200)
    const spans = (await received(receiver, 2)).toSorted((a, b) => a.startMs - b.startMs)
    expect(spans.map(({ attributes }) => attributes['linkerd_scenario.attempt'])).toEqual([1, 2])
    expect(spans.map(({ isError }) => isError)).toEqual([true, false])
    expect(spans.map(({ parentSpanId }) => parentSpanId)).toEqual([CALLER_SPAN, CALLER_SPAN])
  })

  test('a shed request: the spans of its 503, with who shed it', async () => {
    await using receiver = await httpReceiver()
    await using services = await traced(receiver, {}, spawnSlowProvider)
    await call(`${services.provider.adminUrl}/block?ms=3000`)
    let calls = 0
    const shed = async () => {
      calls += 1
      // One trace per call, whose id is the call's number.
      const traceparent = `00-${String(calls).padStart(32, '0')}-${CALLER_SPAN}-01`
      return (await call(services.consumer.url, { traceparent })).status === 503
    }
    await until(shed, Boolean, { withinMs: 30_000 })
    const traceId = String(calls).padStart(32, '0')
    const spans = (await received(receiver, 3 * calls)).filter((span) => span.traceId === traceId)
    const [server, client, provider] = alongTheWay(spans)
    const status = { 'http.response.status_code': 503, 'linkerd_scenario.origin': 'provider' }
    expect(provider).toMatchObject({
      name: 'GET /',
      isError: true,
      attributes: { ...status, 'error.type': 'OVERLOADED', 'http.route': '/' },
    })
    expect(server).toMatchObject({ isError: true, attributes: { ...status, 'error.type': 'UPSTREAM_STATUS' } })
    expect(client).toMatchObject({ isError: true, attributes: status })
  })

  test("a timeout: the consumer's error at its deadline, and the provider's span with the caller gone", async () => {
    await using receiver = await httpReceiver()
    await using services = await traced(receiver, { UPSTREAM_TIMEOUT_MS: '200' })
    expect((await call(services.consumer.url, { 'x-fault': 'hang' })).status).toBe(504)
    const [server, client, provider] = alongTheWay(await received(receiver, 3))
    expect(server).toMatchObject({ isError: true, attributes: { 'http.response.status_code': 504 } })
    expect(client).toMatchObject({
      isError: true,
      attributes: { 'error.type': 'UPSTREAM_TIMEOUT', 'linkerd_scenario.origin': 'consumer' },
    })
    expect(client.attributes).not.toHaveProperty('http.response.status_code')
    expect(provider).toMatchObject({ isError: true, attributes: { 'error.type': 'CALLER_GONE' } })
  })

  test('a caller that leaves: every span ends and says so', async () => {
    await using receiver = await httpReceiver()
    await using services = await traced(receiver)
    const request = httpRequest(services.consumer.url, { headers: { 'x-fault': 'hang', connection: 'close' } })
    request.on('error', () => {})
    request.end()
    const active = async () => (await call(`${services.provider.adminUrl}/metrics`)).body
    await until(active, (text) => text.includes('http_server_active_requests 1'), { withinMs: 20_000 })
    request.destroy()
    const spans = alongTheWay(await received(receiver, 3))
    expect(spans.map(({ attributes }) => attributes['error.type'])).toEqual([
      'CALLER_GONE',
      'CALLER_GONE',
      'CALLER_GONE',
    ])
    expect(spans.map(({ isError }) => isError)).toEqual([true, true, true])
  })

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
})
