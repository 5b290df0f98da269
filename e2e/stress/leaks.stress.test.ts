import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { KeepAliveClient } from '../http-client.ts'
import { RawConnection } from '../raw-http.ts'
import { seeded } from '../seeded.ts'
import { type ServiceProcess, spawnConsumer, spawnProvider } from '../service-process.ts'
import { until } from '../until.ts'
import { GC_ON_SIGNAL, heapBytes } from './heap.ts'
import { resourcesOf } from './resources.ts'

/** The long run is LEAK_SECONDS=600. */
const SECONDS = Number(process.env['LEAK_SECONDS'] ?? 30)
const WARM_SECONDS = Math.min(60, Math.max(10, SECONDS / 3))
const CALLERS = 16
/** Five in a hundred, and what the collector leaves to chance in a heap this small. */
const GROWTH_RATIO = 0.05
const CHANCE_BYTES = 2 ** 20
/** What the memory of request ids holds at most: it is full before anything is measured. */
const REQUEST_IDS = 50_000

/** Fills the provider's memory of request ids, many requests to a connection. */
async function fillAttempts(port: number): Promise<void> {
  for (let sent = 0; sent < 1.05 * REQUEST_IDS; sent += 1000) {
    await using connection = new RawConnection(port)
    const ids = Array.from({ length: 1000 }, (_, i) => `fill-${sent + i}-${'x'.repeat(20)}`)
    connection.socket.end(ids.map((id) => `GET / HTTP/1.1\r\nHost: x\r\nX-Request-Id: ${id}\r\n\r\n`).join(''))
    await connection.closed
  }
}

/** Callers of every kind for a while: those who wait, those who leave, those whose call fails at the provider. */
async function traffic(consumer: ServiceProcess, seconds: number): Promise<Record<string, number>> {
  const random = seeded(11)
  const counts: Record<string, number> = {}
  const count = (what: string) => {
    counts[what] = (counts[what] ?? 0) + 1
  }
  const end = performance.now() + seconds * 1000
  await using client = new KeepAliveClient(CALLERS)
  const work = async () => {
    while (performance.now() < end) {
      if (random() < 0.1) {
        await using leaving = new RawConnection(consumer.port)
        leaving.send('GET /?in=leaving HTTP/1.1\r\nHost: x\r\n\r\n')
        await sleep(random() * 5)
        count('left')
      } else {
        const fault =
          random() < 0.1
            ? { 'x-fault': ['reset', 'truncate;bytes=10', 'status;code=503', 'close'][Math.floor(random() * 4)] }
            : {}
        count(String((await client.get(`${consumer.url}/?in=${'x'.repeat(random() * 500)}`, fault)).status))
      }
    }
  }
  await Promise.all(Array.from({ length: CALLERS }, work))
  return counts
}

test(`${SECONDS} s of accelerated traffic leave no socket, no timer and no memory behind`, async () => {
  const env = { ...GC_ON_SIGNAL, ACCESS_LOG: 'off', FAULT_INJECTION: 'enabled' }
  await using provider = await spawnProvider(env)
  // Connections as short as this are made anew hundreds of times.
  await using consumer = await spawnConsumer(provider.port, {
    ...env,
    UPSTREAM_CONNECTION_LIFETIME_MS: '500',
    UPSTREAM_TIMEOUT_MS: '2000',
  })
  const services = [provider, consumer]
  await using prober = new KeepAliveClient(1)
  const settled = async () => {
    const seen = () => Promise.all(services.map((service) => resourcesOf(prober, service)))
    const isCalm = (all: Awaited<ReturnType<typeof seen>>) =>
      all.every(({ activeRequests, sockets }) => activeRequests === 0 && sockets <= CALLERS + 4)
    return {
      resources: await until(seen, isCalm, { withinMs: 30_000, everyMs: 100 }),
      heap: await Promise.all(services.map(heapBytes)),
    }
  }
  await fillAttempts(provider.port)
  await traffic(consumer, WARM_SECONDS)
  const before = await settled()
  const counts = await traffic(consumer, SECONDS)
  const after = await settled()
  const growth = after.heap.map((bytes, i) => bytes - (before.heap[i] ?? 0))
  console.log({ ...counts, before: JSON.stringify(before), after: JSON.stringify(after), growth })

  expect(counts['200']).toBeGreaterThan(10 * SECONDS)
  expect(counts['502']).toBeGreaterThan(SECONDS / 2)
  for (const [i, bytes] of growth.entries()) {
    expect(bytes).toBeLessThan(GROWTH_RATIO * (before.heap[i] ?? 0) + CHANCE_BYTES)
    expect(after.resources[i]?.timers).toBeLessThanOrEqual((before.resources[i]?.timers ?? 0) + 4)
  }
  expect(services.map(({ stderr }) => stderr)).toEqual(['', ''])
})
