import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { KeepAliveClient } from '@linkerd-scenario/test-kit/http-client'
import { type ServiceProcess, spawnConsumer, spawnProvider } from '@linkerd-scenario/test-kit/service-process'
import { afterEach, beforeEach, expect, test } from 'vitest'

const NAME = 'provider.test'
const LIFETIME_MS = 1000
let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'addresses-'))
})

afterEach(() => rm(folder, { recursive: true }))

const resolveTo = (...addresses: string[]) => writeFile(join(folder, 'addresses'), addresses.join('\n'))

function consumerOf(port: number, lifetimeMs: number): Promise<ServiceProcess> {
  return spawnConsumer(port, {
    PROVIDER_HOST: NAME,
    UPSTREAM_CONNECTIONS: '32',
    UPSTREAM_CONNECTION_LIFETIME_MS: String(lifetimeMs),
    ACCESS_LOG: 'off',
    ADDRESSES_OF: NAME,
    ADDRESSES_FILE: join(folder, 'addresses'),
    NODE_OPTIONS: `--import ${new URL('../fixtures/addresses-from-file.ts', import.meta.url).href}`,
  })
}

/** Providers on one port of several addresses, like the pods of a headless Service; `v1` at 127.0.0.1 and so on. */
async function providers(stack: AsyncDisposableStack, count: number): Promise<number> {
  let port = '0'
  for (let i = 1; i <= count; i += 1) {
    const env = { PROVIDER_PORT: port, ADMIN_PORT: '0', HOST: `127.0.0.${i}`, VERSION: `v${i}`, ACCESS_LOG: 'off' }
    port = String(stack.use(await spawnProvider(env)).port)
  }
  return Number(port)
}

/** The version that answers, or the status of an answer that is not a message. */
async function versionAt(client: KeepAliveClient, consumer: ServiceProcess): Promise<string> {
  const { status, body } = await client.get(consumer.url)
  return /I'm version: (v\d)/.exec(body)?.[1] ?? String(status)
}

async function loaded(client: KeepAliveClient, consumer: ServiceProcess, isOver: () => boolean): Promise<void> {
  while (!isOver()) await versionAt(client, consumer)
}

test.each([
  [LIFETIME_MS, 'follows the name within the life of a connection, with no call failed'],
  [0, 'control: a connection of unlimited life stays with the address that the name had once'],
])('under load, with a life of %i ms, the consumer %s', async (lifetimeMs) => {
  await using stack = new AsyncDisposableStack()
  const port = await providers(stack, 2)
  await resolveTo('127.0.0.1')
  const consumer = stack.use(await consumerOf(port, lifetimeMs))
  const client = stack.use(new KeepAliveClient())
  expect(await versionAt(client, consumer)).toBe('v1')

  let isOver = false
  const load = Promise.all(Array.from({ length: 4 }, () => loaded(client, consumer, () => isOver)))
  // All connections that the load will ever need are open before the name changes.
  await Promise.all(Array.from({ length: 64 }, () => versionAt(client, consumer)))
  await resolveTo('127.0.0.2')
  const changedAt = performance.now()
  const seen = new Set<string>()
  let lastOldAt = changedAt
  while (performance.now() - changedAt < 4 * LIFETIME_MS) {
    const sentAt = performance.now()
    const version = await versionAt(client, consumer)
    seen.add(version)
    if (version === 'v1') lastOldAt = sentAt
  }
  isOver = true
  await load
  const followedMs = lastOldAt - changedAt
  console.log({ lifetimeMs, followedMs, seen })
  if (lifetimeMs === 0) {
    expect(seen).toEqual(new Set(['v1']))
  } else {
    expect(seen).toEqual(new Set(['v1', 'v2']))
    expect(followedMs).toBeLessThan(2 * LIFETIME_MS)
  }
})

test('the connections to a name with three addresses are spread, in whatever order they come', async () => {
  await using stack = new AsyncDisposableStack()
  const port = await providers(stack, 3)
  await resolveTo('127.0.0.1', '127.0.0.2', '127.0.0.3')
  const consumer = stack.use(await consumerOf(port, LIFETIME_MS))
  const client = stack.use(new KeepAliveClient())
  const counts: Record<string, number> = {}
  for (let i = 0; i < 10; i += 1) {
    const versions = await Promise.all(Array.from({ length: 30 }, () => versionAt(client, consumer)))
    for (const version of versions) counts[version] = (counts[version] ?? 0) + 1
  }
  console.log(counts)
  // 30 connections, spread at random: the chance that a pod gets none is one in 60,000.
  expect(Object.keys(counts).toSorted()).toEqual(['v1', 'v2', 'v3'])
})

test('an address that does not answer costs no call: the others of the name are tried', async () => {
  await using stack = new AsyncDisposableStack()
  const port = await providers(stack, 1)
  await resolveTo('127.0.0.2', '127.0.0.1', '127.0.0.3')
  const consumer = stack.use(await consumerOf(port, LIFETIME_MS))
  const client = stack.use(new KeepAliveClient())
  const versions = await Promise.all(Array.from({ length: 20 }, () => versionAt(client, consumer)))
  expect(new Set(versions)).toEqual(new Set(['v1']))
})
