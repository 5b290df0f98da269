import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { kitErrorTable } from '@linkerd-scenario/service-kit'
import { type Answer, KeepAliveClient } from '@linkerd-scenario/test-kit/http-client'
import { seeded } from '@linkerd-scenario/test-kit/seeded'
import { type ServiceProcess, spawnConsumer, spawnProvider } from '@linkerd-scenario/test-kit/service-process'
import { until } from '@linkerd-scenario/test-kit/until'
import { expect, test } from 'vitest'

const REQUESTS = 10_000
const CONCURRENCY = 50

/** Sends a GET or a POST and disconnects after `afterMs`, at any point of the request or its answer. */
async function leave(port: number, isPost: boolean, afterMs: number): Promise<void> {
  const socket = connect({ port, host: '127.0.0.1' })
  socket.on('error', () => {})
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()))
  const body = '{"in":"leaving"}'
  const post = `POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`
  const bytes = isPost ? post : 'GET /?in=leaving HTTP/1.1\r\nHost: x\r\n\r\n'
  // A third of them disconnect in the middle of their request.
  socket.write(afterMs < 1 ? bytes.slice(0, 40) : bytes)
  if (afterMs > 0) await sleep(afterMs)
  socket.destroy()
  await closed
}

/** Open sockets of a process, as it reports them itself. */
async function sockets(client: KeepAliveClient, { adminUrl }: ServiceProcess): Promise<number> {
  const { body } = await client.get(`${adminUrl}/metrics`)
  return Number(/^nodejs_active_handles\{type="Socket"\} (\d+)$/m.exec(body)?.[1] ?? 0)
}

async function gauge(client: KeepAliveClient, { adminUrl }: ServiceProcess, name: string): Promise<number> {
  const { body } = await client.get(`${adminUrl}/metrics`)
  return Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(body)?.[1])
}

// With few and busy cores, shedding by either service is a correct answer; no other refusal is.
function verdict({ status, body }: Answer): string {
  if (status === 200) return 'answered'
  return status === 503 && body.includes(kitErrorTable.OVERLOADED.title) ? 'shed' : body
}

/** Makes all requests, `CONCURRENCY` at a time; a third of the callers leave. Returns how many ended how. */
async function churn({ port, url }: ServiceProcess, client: KeepAliveClient): Promise<Record<string, number>> {
  const random = seeded(7)
  const ends: Record<string, number> = {}
  let sent = 0
  const one = async (i: number) => {
    if (random() >= 0.3) return verdict(await client.get(`${url}/?in=${i}`))
    await leave(port, random() < 0.5, random() * 4)
    return 'left'
  }
  const work = async () => {
    while (sent < REQUESTS) {
      sent += 1
      const end = await one(sent)
      ends[end] = (ends[end] ?? 0) + 1
    }
  }
  await Promise.all(Array.from({ length: CONCURRENCY }, work))
  return ends
}

test('10,000 requests, many of whose callers leave at any moment, leave nothing behind', async () => {
  await using provider = await spawnProvider({ ACCESS_LOG: 'off' })
  await using consumer = await spawnConsumer(provider.port, { ACCESS_LOG: 'off' })
  await using prober = new KeepAliveClient(1)
  {
    await using client = new KeepAliveClient(CONCURRENCY)
    const { left = 0, answered = 0, shed = 0, ...others } = await churn(consumer, client)
    expect(left).toBeGreaterThan(REQUESTS / 4)
    expect(others).toEqual({})
    expect(answered + shed).toBe(REQUESTS - left)
    expect(answered).toBeGreaterThan(REQUESTS / 2)
    // One after the other, on one connection.
    for (let i = 0; i < 500; i += 1) expect(verdict(await client.get(consumer.url))).toMatch(/^(answered|shed)$/)
  }
  for (const service of [consumer, provider]) {
    expect(
      await until(
        () => gauge(prober, service, 'http_server_active_requests'),
        (n) => n === 0,
      ),
    ).toBe(0)
  }
  // The prober's own connection, and at most the pool that the consumer keeps to the provider.
  await until(
    () => sockets(prober, consumer),
    (n) => n <= 1 + 64,
  )
  for (const { stderr, lines } of [consumer, provider]) {
    expect(stderr, 'no warning of listeners, no unhandled rejection').toBe('')
    expect(lines.filter(({ level }) => level !== 'info')).toEqual([])
  }
  consumer.signal('SIGTERM')
  expect(await consumer.ended).toEqual({ code: 0, signal: null })
})
