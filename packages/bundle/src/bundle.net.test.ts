import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { grpcReceiver, httpReceiver } from '@linkerd-scenario/test-kit/otlp-receiver'
import { ServiceProcess } from '@linkerd-scenario/test-kit/service-process'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { bundleService, endBundling, SERVICES } from './bundle.ts'

const root = fileURLToPath(new URL('../../..', import.meta.url))
let folder = ''

beforeAll(async () => {
  // Outside the repository, where no module of it can be found.
  folder = await mkdtemp(join(tmpdir(), 'scenario-bundle-'))
  await Promise.all(SERVICES.map((service) => bundleService(service, join(folder, service))))
})

afterAll(async () => {
  await rm(folder, { recursive: true })
  await endBundling()
})

const start = (service: string, env: Record<string, string>) =>
  new ServiceProcess(join(folder, service, 'server.cjs'), { HOST: '127.0.0.1', ...env }).listening()

test('the bundles serve alone, with what they load only on request', async () => {
  await using provider = await start('provider', { PROVIDER_PORT: '0' })
  await using consumer = await start('consumer', {
    CONSUMER_PORT: '0',
    PROVIDER_PORT: String(provider.port),
    PROVIDER_HOST: '127.0.0.1',
    FAULT_INJECTION: 'enabled',
    LIVE_PAGE_DIR: join(folder, 'consumer', 'live-page'),
  })
  const answer = await fetch(`${consumer.url}/?in=x`)
  expect(await answer.json()).toMatchObject({ message: "I'm version: v1: x" })
  const failing = await fetch(`${consumer.url}/`, {
    headers: { 'x-fault': 'status;code=418;rate=1;at=consumer' },
  })
  expect(failing.status).toBe(418)
  const burst = await fetch(`${consumer.adminUrl}/burst?n=20`, { method: 'POST' })
  expect(await burst.json()).toMatchObject({ total: 20, byStatus: { 200: 20 } })
  const page = await (await fetch(`${consumer.adminUrl}/`)).text()
  const script = /src="(assets\/[^"]+\.js)"/.exec(page)?.[1]
  const asset = await fetch(`${consumer.adminUrl}/${script}`)
  expect(asset.status).toBe(200)
  expect(asset.headers.get('content-encoding')).toBe('gzip')
  for (const { adminUrl } of [provider, consumer]) {
    const openapi = await fetch(`${adminUrl}/openapi.json`)
    expect(await openapi.json()).toMatchObject({ openapi: '3.1.0', paths: { '/readyz': {} } })
  }
})

test.each([
  ['http/protobuf', httpReceiver],
  ['grpc', grpcReceiver],
] as const)('the bundles export spans over %s', async (_protocol, receive) => {
  await using receiver = await receive()
  await using provider = await start('provider', { PROVIDER_PORT: '0', OTEL_BSP_SCHEDULE_DELAY: '20', ...receiver.env })
  await (await fetch(provider.url)).text()
  await expect.poll(() => receiver.spans, { timeout: 20_000 }).toMatchObject([{ name: 'GET /', kind: 'server' }])
})

test.each(SERVICES)('%s: the licences of its packages, nothing of this machine', async (service) => {
  const page = service === 'consumer' ? ['live-page'] : []
  const files = ['LICENSES.txt', 'healthcheck.cjs', ...page, 'server.cjs', 'swagger.cjs', 'tracing-sdk.cjs']
  expect((await readdir(join(folder, service))).sort()).toEqual(files)
  const code = await readFile(join(folder, service, 'server.cjs'), 'utf8')
  expect(code.length).toBeGreaterThan(5e5)
  expect(code).not.toContain(root)
  expect(code).not.toContain('sourceMappingURL=')
  const licenses = await readFile(join(folder, service, 'LICENSES.txt'), 'utf8')
  expect(licenses).toMatch(/^fastify \d+\.\d+\.\d+ \(MIT\)$/m)
  expect(licenses.includes('undici ')).toBe(service === 'consumer')
  expect(licenses.includes('preact ')).toBe(service === 'consumer')
})
