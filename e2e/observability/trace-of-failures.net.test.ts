import { request as httpRequest } from 'node:http'
import { httpReceiver } from '@linkerd-scenario/test-kit/otlp-receiver'
import { spawnProvider, spawnSlowProvider } from '@linkerd-scenario/test-kit/service-process'
import { until } from '@linkerd-scenario/test-kit/until'
import { expect, test } from 'vitest'
import { alongTheWay, CALLER_SPAN, call, env, received, SAMPLED, traced } from './traced-services.ts'

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
  expect(spans.map(({ attributes }) => attributes['error.type'])).toEqual(['CALLER_GONE', 'CALLER_GONE', 'CALLER_GONE'])
  expect(spans.map(({ isError }) => isError)).toEqual([true, true, true])
})
