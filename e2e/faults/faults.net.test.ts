import { HEADER } from '@linkerd-scenario/contract'
import { arbitraryFault } from '@linkerd-scenario/test-kit/arbitrary-fault'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { formatFaults } from '../../packages/contract/src/faults/format-faults.ts'
import { call } from './calls.ts'
import { SERVING } from './each-kind.ts'
import { ObservedService } from './observed-service.ts'

let provider: ObservedService
let consumer: ObservedService

beforeAll(async () => {
  provider = await ObservedService.ready('provider', { FAULT_INJECTION: 'enabled', FAULT_SEED: 'e2e' })
  const env = { FAULT_INJECTION: 'enabled', PROVIDER_HOST: '127.0.0.1', PROVIDER_PORT: String(provider.port) }
  consumer = await ObservedService.ready('consumer', { ...env, UPSTREAM_TIMEOUT_MS: '1000' })
})

afterAll(async () => {
  await Promise.all([consumer.stop(), provider.stop()])
})

test('times=1 fails only the first attempt of a request id', async () => {
  const headers = { [HEADER.fault]: 'status;code=503;times=1', [HEADER.requestId]: 'the-same' }
  const first = await call(consumer.url, headers)
  expect(first).toMatchObject({ status: 503, body: { origin: 'provider' } })
  expect(first.body.hops?.at(-1)).toMatchObject({ service: 'provider', attempt: 1, status: 503 })
  const second = await call(consumer.url, headers)
  expect(second.status).toBe(200)
  expect(second.body.hops.at(-1)).toMatchObject({ service: 'provider', attempt: 2, status: 200 })
})

test('a fault happens in the service and version that it names, and nowhere else', async () => {
  for (const [fault, status, origin] of [
    ['status;code=418', 418, 'provider'],
    ['status;code=418;at=provider/v1', 418, 'provider'],
    ['status;code=418;at="provider/v2"', 200, undefined],
    ['status;code=418;at=consumer', 418, 'consumer'],
    ['status;code=418;at=consumer/v2', 200, undefined],
  ] as const) {
    const answer = await call(consumer.url, { [HEADER.fault]: fault })
    expect([answer.status, answer.body.origin], fault).toEqual([status, origin])
  }
})

test('the caller of the consumer learns the outcome of each kind', async () => {
  for (const [fault, status, code, origin] of [
    ['reset', 502, 'UPSTREAM_BROKEN', 'network'],
    ['close', 502, 'UPSTREAM_BROKEN', 'network'],
    ['truncate;bytes=5', 502, 'UPSTREAM_BROKEN', 'network'],
    ['hang', 504, 'UPSTREAM_TIMEOUT', 'consumer'],
    ['delay;ms=5000', 504, 'UPSTREAM_TIMEOUT', 'consumer'],
    ['status;code=503', 503, 'UPSTREAM_STATUS', 'provider'],
  ] as const) {
    const { status: seen, body } = await call(consumer.url, { [HEADER.fault]: fault })
    expect([seen, body.type.split(':').at(-1), body.origin], fault).toEqual([status, code, origin])
  }
  const throttled = await call(consumer.url, { [HEADER.fault]: 'status;code=429;retry-after=7' })
  expect([throttled.status, throttled.headers.get('retry-after')]).toEqual([429, '7'])
  const large = await call(consumer.url, { [HEADER.fault]: 'size;bytes=10485760' })
  expect([large.status, large.body.hops.length]).toEqual([200, 2])
})

test('the access line names the fault, and a connection that it cut does not count as a caller that left', async () => {
  await call(consumer.url, { [HEADER.fault]: 'delay;ms=1, reset', [HEADER.requestId]: 'to-be-logged' })
  await expect
    .poll(() => provider.lines.find((line) => line['request_id'] === 'to-be-logged'), { timeout: 5000 })
    .toMatchObject({ fault: 'delay;ms=1, reset', 'error.type': 'FAULT_INJECTED', msg: 'a fault cut the connection' })
})

test('1000 malformed headers get a 400 each, and no part of them is applied', async () => {
  const before = await provider.metric('faults_injected_total')
  const breaks = [';rate=2', ';unknown=1', ', explode', ';times=0', ';rate=0.5;rate=0.5', ',', ';at="', ';bytes=x', '(']
  const broken = fc.tuple(arbitraryFault, fc.constantFrom(...breaks)).map(([fault, end]) => formatFaults([fault]) + end)
  const headers = fc.sample(broken, { numRuns: 1000, seed: 1 })
  expect(new Set(headers).size).toBeGreaterThan(900)
  for (let i = 0; i < headers.length; i += 10) {
    const answers = await Promise.all(
      headers.slice(i, i + 10).map((header, j) => {
        const { url } = j % 2 === 0 ? provider : consumer
        return call(url, { [HEADER.fault]: header })
      }),
    )
    for (const [j, { status, body }] of answers.entries()) {
      expect([status, body.type], headers[i + j]).toEqual([400, 'urn:linkerd-scenario:problem:INVALID_FAULT'])
      expect(body.detail).toMatch(/^x-fault: At position \d+: /)
    }
  }
  expect(await provider.metric('faults_injected_total')).toBe(before)
})

test('probes, metrics and the admin port answer as usual under every fault', async () => {
  for (const fault of Object.keys(SERVING)) {
    await provider.setFaults(fault)
    for (const path of ['/livez', '/readyz', '/metrics', '/info', '/faults', '/openapi.json']) {
      const response = await fetch(provider.adminUrl + path, { headers: { [HEADER.fault]: 'status;code=500' } })
      expect(response.status, `${fault} ${path}`).toBe(200)
      expect((await response.text()).length).toBeGreaterThan(5)
    }
  }
  await fetch(`${provider.adminUrl}/faults`, { method: 'DELETE' })
  expect((await call(consumer.url)).status).toBe(200)
})

test('the metrics name the faults that are armed, and nothing once they are removed', async () => {
  await provider.setFaults('delay;ms=1, delay;ms=2, status;code=500;at=consumer, hang;at=provider/v1')
  expect(await provider.metric('faults_armed', 'kind="delay",at="provider",place="admin"')).toBe(2)
  expect(await provider.metric('faults_armed', 'kind="hang",at="provider/v1",place="admin"')).toBe(1)
  expect(await provider.metric('faults_armed')).toBe(3)
  await fetch(`${provider.adminUrl}/faults`, { method: 'DELETE' })
  expect(await provider.metric('faults_armed')).toBe(0)
})

test('a rate holds over 10,000 calls, and the metric and the callers count the same', async () => {
  const [n, rate] = [10_000, 0.3]
  await provider.setFaults(`status;code=500;rate=${rate}`)
  const before = await provider.metric('faults_injected_total', 'kind="status"')
  const response = await fetch(`${consumer.adminUrl}/burst?n=${n}&concurrency=16`, { method: 'POST' })
  const { byStatus } = (await response.json()) as { byStatus: Record<string, number> }
  // On a busy machine the provider may shed a few requests (503), before any fault applies to them.
  const [served = 0, failed = 0, shed = 0] = [byStatus['200'], byStatus['500'], byStatus['503']]
  const asked = served + failed
  expect(asked + shed).toBe(n)
  expect(asked).toBeGreaterThan(n / 2)
  // Two-sided 99.9 %.
  expect(Math.abs(failed - asked * rate)).toBeLessThan(3.2905 * Math.sqrt(asked * rate * (1 - rate)))
  expect((await provider.metric('faults_injected_total', 'kind="status"')) - before).toBe(failed)
  await fetch(`${provider.adminUrl}/faults`, { method: 'DELETE' })
})

test('the same seed fails the same requests, and setting the faults again starts over', async () => {
  const sequence = async () => {
    await provider.setFaults('status;code=503;rate=0.5')
    const statuses: number[] = []
    for (let i = 0; i < 50; i += 1) statuses.push((await call(provider.url)).status)
    return statuses
  }
  const first = await sequence()
  expect(new Set(first)).toEqual(new Set([200, 503]))
  expect(await sequence()).toEqual(first)
  await fetch(`${provider.adminUrl}/faults`, { method: 'DELETE' })
})

test('PUT /faults takes text and JSON, and refuses what is wrong with its place', async () => {
  const put = (type: string, body: string) =>
    fetch(`${provider.adminUrl}/faults`, { method: 'PUT', body, headers: { 'content-type': type } })
  for (const [type, body] of [
    ['text/plain', 'hang;at=consumer'],
    ['application/x-www-form-urlencoded', 'hang;at=consumer'],
    ['application/json', '[{"kind":"hang","at":"consumer"}]'],
  ] as const) {
    const response = await put(type, body)
    expect(response.status, type).toBe(200)
    expect(await response.json()).toMatchObject({
      enabled: true,
      seed: 'e2e',
      admin: { text: 'hang;at=consumer', faults: [{ kind: 'hang', at: 'consumer' }] },
      variable: { text: '', faults: [] },
    })
  }
  for (const [type, body, detail] of [
    ['text/plain', 'reset;ms=1', 'At position 6: reset has no "ms"'],
    ['application/json', '[{"kind":"reset"},{"kind":"hang","rate":7}]', 'At /1/rate: rate is 7'],
    ['application/json', '{"kind":"reset"}', 'faults are an array'],
    ['text/plain', '', 'there is no fault'],
  ] as const) {
    const response = await put(type, body)
    expect(response.status, body).toBe(400)
    expect(((await response.json()) as { detail: string }).detail).toContain(detail)
  }
  const kept = (await (await fetch(`${provider.adminUrl}/faults`)).json()) as object
  expect(kept).toMatchObject({ admin: { text: 'hang;at=consumer' } })
  await fetch(`${provider.adminUrl}/faults`, { method: 'DELETE' })
})

test('PUT /ready takes the pod out of service discovery, and back', async () => {
  const put = (body: string, type = 'application/json') =>
    fetch(`${provider.adminUrl}/ready`, {
      method: 'PUT',
      body,
      headers: { 'content-type': type },
    })
  const readyz = async () => (await fetch(`${provider.adminUrl}/readyz`)).status
  expect(await (await put('{"ready":false}')).json()).toEqual({ status: 'switched-off' })
  expect(await readyz()).toBe(503)
  expect((await call(consumer.url)).status).toBe(200)
  // As sent by `curl -d`.
  expect((await put('ready', 'application/x-www-form-urlencoded')).status).toBe(400)
  expect((await put('{"ready":true}', 'application/x-www-form-urlencoded')).status).toBe(200)
  expect(await readyz()).toBe(200)
})

test('a foreign web page cannot change anything', async () => {
  for (const [method, path] of [
    ['PUT', '/faults'],
    ['DELETE', '/faults'],
    ['PUT', '/ready'],
  ] as const) {
    const response = await fetch(provider.adminUrl + path, { method, headers: { origin: 'https://attacker.example' } })
    expect(response.status, path).toBe(403)
  }
})
