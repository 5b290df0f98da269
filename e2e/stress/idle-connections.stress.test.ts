import { execFileSync } from 'node:child_process'
import { connect, type Socket } from 'node:net'
import { KeepAliveClient } from '@linkerd-scenario/test-kit/http-client'
import { type ServiceProcess, spawnProvider } from '@linkerd-scenario/test-kit/service-process'
import { until } from '@linkerd-scenario/test-kit/until'
import { expect, test } from 'vitest'
import { GC_ON_SIGNAL, heapBytes } from './heap.ts'
import { resourcesOf } from './resources.ts'

/** This process needs at most two file descriptors per connection, and some hundred for itself. */
const filesAllowed = Number(execFileSync('sh', ['-c', 'ulimit -n'], { encoding: 'utf8' }).trim()) || 1_000_000
const CONNECTIONS = Math.min(10_000, Math.floor(filesAllowed * 0.8) - 500)
/** Twice the connection limit: connections above it are closed without being served. */
const HELD_AT_MOST = 2 * 2048

/** Opens a connection that sends nothing; resolves once it is established or refused. */
function openIdle(port: number): Promise<Socket> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' })
    socket.on('error', () => {})
    socket.once('connect', () => resolve(socket))
    socket.once('close', () => resolve(socket))
    socket.resume()
  })
}

/** Waits until the silent connections are closed: the timeout for request headers, 20 s. Returns the time, ms. */
async function untilClosed(prober: KeepAliveClient, provider: ServiceProcess): Promise<number> {
  const startedAt = performance.now()
  await until(
    () => resourcesOf(prober, provider),
    (now) => now.sockets < 10,
    { withinMs: 90_000, everyMs: 250 },
  )
  return performance.now() - startedAt
}

test(`${CONNECTIONS} idle connections take bounded memory, disturb no probe and no earlier caller, and are closed`, async () => {
  await using provider = await spawnProvider({ ...GC_ON_SIGNAL, ACCESS_LOG: 'off' })
  await using caller = new KeepAliveClient(1)
  await using prober = new KeepAliveClient(1)
  expect((await caller.get(provider.url)).status).toBe(200)
  const heapBefore = await heapBytes(provider)

  const idle: Socket[] = []
  try {
    while (idle.length < CONNECTIONS) {
      idle.push(...(await Promise.all(Array.from({ length: 250 }, () => openIdle(provider.port)))))
      // New connections while so many are open.
      expect((await caller.get(provider.url)).status).toBe(200)
      for (const path of ['/livez', '/readyz']) expect((await prober.get(provider.adminUrl + path)).status).toBe(200)
    }
    const { sockets } = await resourcesOf(prober, provider)
    const heapWithIdle = await heapBytes(provider)
    const goneAfterMs = await untilClosed(prober, provider)
    await using newcomer = new KeepAliveClient(1)
    expect((await newcomer.get(provider.url)).status).toBe(200)
    const kept = (await heapBytes(provider)) - heapBefore
    const bytesEach = (heapWithIdle - heapBefore) / sockets
    console.log({ connections: idle.length, sockets, bytesEach, goneAfterMs, kept })
    expect(idle.length).toBeGreaterThan(HELD_AT_MOST)
    expect(sockets).toBeGreaterThan(2048)
    expect(sockets).toBeLessThanOrEqual(HELD_AT_MOST + 5)
    expect(heapWithIdle - heapBefore).toBeLessThan(40 * 2 ** 20)
    expect(kept).toBeLessThan(3 * 2 ** 20)
    expect(provider.stderr).toBe('')
    expect(provider.lines.filter(({ level }) => level !== 'info' && level !== undefined)).toEqual([])
  } finally {
    for (const socket of idle) socket.destroy()
  }
})
