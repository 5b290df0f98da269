import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { grpcReceiver, httpReceiver } from '@linkerd-scenario/test-kit/otlp-receiver'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { bundleService, endBundling, SERVICES } from './bundle.ts'

const root = fileURLToPath(new URL('../../..', import.meta.url))
const children: ChildProcessByStdio<null, Readable, null>[] = []
let folder = ''

beforeAll(async () => {
  // Outside the repository, where no module of it can be found.
  folder = await mkdtemp(join(tmpdir(), 'scenario-bundle-'))
  await Promise.all(SERVICES.map((service) => bundleService(service, join(folder, service))))
})

afterAll(async () => {
  for (const child of children.filter(({ exitCode }) => exitCode === null)) {
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
  await rm(folder, { recursive: true })
  await endBundling()
})

async function start(service: string, env: Record<string, string>): Promise<{ port: number; adminPort: number }> {
  const child = spawn(process.execPath, [join(folder, service, 'server.cjs')], {
    env: { HOST: '127.0.0.1', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  children.push(child)
  for await (const line of createInterface({ input: child.stdout })) {
    const entry = JSON.parse(line) as { msg: string; 'server.port': number; 'admin.port': number }
    if (entry.msg === 'listening') return { port: entry['server.port'], adminPort: entry['admin.port'] }
  }
  throw new Error(`${service} ended before it listened`)
}

test('the bundles serve alone, with what they load only on request', async () => {
  const provider = await start('provider', { PROVIDER_PORT: '0' })
  const consumer = await start('consumer', {
    CONSUMER_PORT: '0',
    PROVIDER_PORT: String(provider.port),
    PROVIDER_HOST: '127.0.0.1',
    FAULT_INJECTION: 'enabled',
    LIVE_PAGE_DIR: join(folder, 'consumer', 'live-page'),
  })
  const answer = await fetch(`http://127.0.0.1:${consumer.port}/?in=x`)
  expect(await answer.json()).toMatchObject({ message: "I'm version: v1: x" })
  const failing = await fetch(`http://127.0.0.1:${consumer.port}/`, {
    headers: { 'x-fault': 'status;code=418;rate=1;at=consumer' },
  })
  expect(failing.status).toBe(418)
  const burst = await fetch(`http://127.0.0.1:${consumer.adminPort}/burst?n=20`, { method: 'POST' })
  expect(await burst.json()).toMatchObject({ total: 20, byStatus: { 200: 20 } })
  const page = await (await fetch(`http://127.0.0.1:${consumer.adminPort}/`)).text()
  const script = /src="(assets\/[^"]+\.js)"/.exec(page)?.[1]
  const asset = await fetch(`http://127.0.0.1:${consumer.adminPort}/${script}`)
  expect(asset.status).toBe(200)
  expect(asset.headers.get('content-encoding')).toBe('gzip')
  for (const { adminPort } of [provider, consumer]) {
    const openapi = await fetch(`http://127.0.0.1:${adminPort}/openapi.json`)
    expect(await openapi.json()).toMatchObject({ openapi: '3.1.0', paths: { '/readyz': {} } })
  }
})

test.each([
  ['http/protobuf', httpReceiver],
  ['grpc', grpcReceiver],
] as const)('the bundles export spans over %s', async (_protocol, receive) => {
  await using receiver = await receive()
  const { port } = await start('provider', { PROVIDER_PORT: '0', OTEL_BSP_SCHEDULE_DELAY: '20', ...receiver.env })
  await (await fetch(`http://127.0.0.1:${port}/`)).text()
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
