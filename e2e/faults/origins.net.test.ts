import { type BurstReport, HEADER } from '@linkerd-scenario/contract'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { call } from './calls.ts'
import { MeshLikeProxy } from './mesh-like-proxy.ts'
import { ObservedService } from './observed-service.ts'

let provider: ObservedService
let consumer: ObservedService
let proxy: MeshLikeProxy

beforeAll(async () => {
  provider = await ObservedService.ready('provider', { FAULT_INJECTION: 'enabled' })
  proxy = new MeshLikeProxy(provider.port)
  const env = { PROVIDER_HOST: '127.0.0.1', PROVIDER_PORT: String(await proxy.listen()) }
  consumer = await ObservedService.ready('consumer', { ...env, UPSTREAM_TIMEOUT_MS: '1000' })
})

beforeEach(() => {
  proxy.behaviour = 'pass'
})

afterAll(async () => {
  await Promise.all([consumer.stop(), provider.stop()])
  proxy.close()
})

test.each([403, 404, 429, 500, 502, 503, 504, 508])(
  "an empty %d without a reason is the callee's proxy's",
  async (status) => {
    proxy.behaviour = { status }
    const { body, ...answer } = await call(consumer.url)
    expect(answer.status).toBe(status)
    expect(body).toMatchObject({ origin: 'mesh', proxy: 'inbound', status })
    expect(body.proxyError).toBeUndefined()
  },
)

test.each([403, 404, 500, 502, 503, 504])("an empty %d with a reason is the caller's own proxy's", async (status) => {
  proxy.behaviour = { status, reason: 'logical service provider-svc:5000: route default.http: no endpoints' }
  const { body, ...answer } = await call(consumer.url)
  expect(answer.status).toBe(status)
  expect(body).toMatchObject({ origin: 'mesh', proxy: 'outbound', proxyError: proxy.behaviour.reason })
})

test('what the provider answers stays its own behind the proxies, whatever its status', async () => {
  expect((await call(consumer.url)).status).toBe(200)
  for (const code of [403, 429, 502, 503, 504]) {
    const { status, body } = await call(consumer.url, { [HEADER.fault]: `status;code=${code}` })
    expect([status, body.origin, body.proxy], String(code)).toEqual([code, 'provider', undefined])
    expect(body.hops?.map(({ service }) => service)).toEqual(['consumer', 'provider'])
  }
})

test('a connection that the provider resets or closes is the answer of its proxy', async () => {
  for (const fault of ['reset', 'close']) {
    const { status, body } = await call(consumer.url, { [HEADER.fault]: fault })
    expect([status, body.origin, body.proxy], fault).toEqual([502, 'mesh', 'inbound'])
  }
})

test('a body that was cut on the way is the network', async () => {
  const cutByProvider = await call(consumer.url, { [HEADER.fault]: 'truncate;bytes=20' })
  proxy.behaviour = 'cut the body'
  for (const { status, body } of [cutByProvider, await call(consumer.url)]) {
    expect([status, body.origin, body.type]).toEqual([502, 'network', 'urn:linkerd-scenario:problem:UPSTREAM_BROKEN'])
  }
})

test("the consumer's deadline is its own, and no proxy at all is the network", async () => {
  const late = await call(consumer.url, { [HEADER.fault]: 'hang' })
  expect([late.status, late.body.origin]).toEqual([504, 'consumer'])
  const alone = await ObservedService.ready('consumer', { PROVIDER_HOST: '127.0.0.1', PROVIDER_PORT: '1' })
  const refused = await call(alone.url)
  expect([refused.status, refused.body.origin]).toEqual([502, 'network'])
  await alone.stop()
})

test('a burst counts its failures by who made them', async () => {
  const burst = async () => {
    const response = await fetch(`${consumer.adminUrl}/burst?n=20`, { method: 'POST' })
    return (await response.json()) as BurstReport
  }
  proxy.behaviour = { status: 429 }
  expect(await burst()).toMatchObject({ total: 20, byStatus: { 429: 20 }, byOrigin: { mesh: 20 } })
  proxy.behaviour = 'cut the body'
  expect(await burst()).toMatchObject({ total: 20, byOrigin: { network: 20 } })
})
