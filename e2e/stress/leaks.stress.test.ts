import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { BurstReport } from '@linkerd-scenario/contract'
import { KeepAliveClient } from '@linkerd-scenario/test-kit/http-client'
import { RawConnection } from '@linkerd-scenario/test-kit/raw-http'
import { seeded } from '@linkerd-scenario/test-kit/seeded'
import { type ServiceProcess, spawnConsumer, spawnProvider } from '@linkerd-scenario/test-kit/service-process'
import { expect, test } from 'vitest'
import { GC_ON_SIGNAL } from './heap.ts'
import { atRest } from './resources.ts'

/** The long run is LEAK_SECONDS=600. */
const SECONDS = Number(process.env['LEAK_SECONDS'] ?? 30)
/** Until the code for this traffic is compiled, and pools and free lists have reached their size. */
const WARM_SECONDS = 15
const CALLERS = 16
/** What the consumer keeps open to the provider when idle, for calls and for bursts. */
const MOST_SOCKETS = 2 * CALLERS
const GROWTH_RATIO = 0.05
/**
 * More than the 50,000 request ids that the provider remembers, and enough that the table under it reaches its final
 * size: V8 doubles a Map at 65,536 entries once, whether the entries still exist or were deleted.
 */
const REQUEST_IDS = 120_000

/** Fills the provider's memory of request ids with ids like the consumer's, many requests per connection. */
async function fillAttempts(port: number): Promise<void> {
  for (let sent = 0; sent < REQUEST_IDS; sent += 1000) {
    await using connection = new RawConnection(port)
    const requests = Array.from(
      { length: 1000 },
      () => `GET / HTTP/1.1\r\nHost: x\r\nAccept: text/plain\r\nX-Request-Id: ${randomUUID()}\r\n\r\n`,
    )
    connection.socket.end(requests.join(''))
    await connection.closed
  }
}

/** Callers of every kind for a while: some wait, some leave, some ask for a burst, some fail at the provider. */
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
      } else if (random() < 0.01) {
        const burst = await fetch(`${consumer.adminUrl}/burst?n=10&concurrency=2&detail=true`, { method: 'POST' })
        count(`burst ${burst.status} ${((await burst.json()) as BurstReport).total}`)
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

test(
  `${SECONDS} s of accelerated traffic leave no socket, no timer and no memory behind`,
  async () => {
    const env = { ...GC_ON_SIGNAL, ACCESS_LOG: 'off', FAULT_INJECTION: 'enabled' }
    await using provider = await spawnProvider(env)
    // Connections with this lifetime are replaced hundreds of times.
    await using consumer = await spawnConsumer(provider.port, {
      ...env,
      UPSTREAM_CONNECTION_LIFETIME_MS: '500',
      UPSTREAM_TIMEOUT_MS: '2000',
    })
    const services = [provider, consumer]
    await fillAttempts(provider.port)
    await traffic(consumer, WARM_SECONDS)
    const before = await atRest(services, MOST_SOCKETS)
    const counts = await traffic(consumer, SECONDS)
    const after = await atRest(services, MOST_SOCKETS)
    const growth = after.heap.map((bytes, i) => bytes / (before.heap[i] ?? 0) - 1)
    console.log({ ...counts, before: JSON.stringify(before), after: JSON.stringify(after), growth })

    expect(counts['200']).toBeGreaterThan(10 * SECONDS)
    expect(counts['502']).toBeGreaterThan(SECONDS / 2)
    expect(counts['burst 200 10']).toBeGreaterThan(SECONDS / 2)
    for (const [i, ratio] of growth.entries()) {
      expect(ratio).toBeLessThan(GROWTH_RATIO)
      expect(after.resources[i]?.timers).toBeLessThanOrEqual((before.resources[i]?.timers ?? 0) + 4)
    }
    expect(services.map(({ stderr }) => stderr)).toEqual(['', ''])
  },
  1000 * (SECONDS + 240),
)
