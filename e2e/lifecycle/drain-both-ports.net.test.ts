import { KeepAliveClient } from '@linkerd-scenario/test-kit/http-client'
import { misbehavingUpstream } from '@linkerd-scenario/test-kit/misbehaving-upstream'
import { RawConnection } from '@linkerd-scenario/test-kit/raw-http'
import { type ServiceProcess, spawnConsumer, spawnProvider } from '@linkerd-scenario/test-kit/service-process'
import { until } from '@linkerd-scenario/test-kit/until'
import { expect, test } from 'vitest'

const FAULTS = { FAULT_INJECTION: 'enabled' }

function burst(consumer: ServiceProcess, n: number, fault?: string) {
  return fetch(`${consumer.adminUrl}/burst?n=${n}&concurrency=${n}`, {
    method: 'POST',
    headers: fault === undefined ? {} : { 'x-fault': fault },
  })
}

test('a burst in flight at SIGTERM of both services gets its answer, and the last lines count it', async () => {
  await using provider = await spawnProvider(FAULTS)
  await using consumer = await spawnConsumer(provider.port, FAULTS)
  const answer = burst(consumer, 16, 'delay;ms=1200;at=provider')
  await provider.inFlight(16)
  provider.signal('SIGTERM')
  consumer.signal('SIGTERM')
  const response = await answer
  expect(response.status).toBe(200)
  expect(await response.json()).toMatchObject({ total: 16, byStatus: { 200: 16 } })
  expect([await provider.ended, await consumer.ended]).toEqual(Array(2).fill({ code: 0, signal: null }))
  expect(provider.lines.at(-1)).toMatchObject({
    msg: 'stopped, nothing was lost',
    answered: 16,
    cut: 0,
    admin_answered: 0,
    admin_cut: 0,
  })
  expect(consumer.lines.at(-1)).toMatchObject({ answered: 0, cut: 0, admin_answered: 1, admin_cut: 0 })
})

test('the admin port answers, not ready, until nothing is in flight on either port', async () => {
  await using provider = await spawnProvider(FAULTS)
  await using consumer = await spawnConsumer(provider.port, FAULTS)
  const answer = burst(consumer, 4, 'delay;ms=1500;at=provider')
  await provider.inFlight(4)
  consumer.signal('SIGTERM')
  await until(
    () => consumer.logged('draining').length,
    (n) => n === 1,
  )
  let isOver = false
  void answer.then(() => {
    isOver = true
  })
  let notReady = 0
  await using prober = new KeepAliveClient()
  while (!isOver && notReady < 20) {
    expect((await prober.get(`${consumer.adminUrl}/readyz`)).status).toBe(503)
    notReady += 1
  }
  expect(notReady).toBe(20)
  expect((await answer).status).toBe(200)
  expect(await consumer.ended).toEqual({ code: 0, signal: null })
  expect(consumer.lines.at(-1)).toMatchObject({ admin_answered: notReady + 1, admin_cut: 0 })
})

test('a burst longer than SHUTDOWN_TIMEOUT_MS is cut, and status and last line say so', async () => {
  await using provider = await spawnProvider(FAULTS)
  await using consumer = await spawnConsumer(provider.port, { ...FAULTS, SHUTDOWN_TIMEOUT_MS: '300' })
  const answer = expect(burst(consumer, 4, 'delay;ms=60000;at=provider')).rejects.toThrow('fetch failed')
  await provider.inFlight(4)
  consumer.signal('SIGTERM')
  await answer
  expect(await consumer.ended).toEqual({ code: 1, signal: null })
  expect(consumer.lines.at(-1)).toMatchObject({
    msg: 'stopped, connections were cut',
    cut: 0,
    admin_cut: 1,
    cut_connections: 1,
  })
  const line = consumer.lines.find((logged) => logged['http.route'] === '/burst' || logged['url.path'] === '/burst')
  expect(line).toMatchObject({ msg: 'the shutdown cut the connection', 'error.type': 'SHUTDOWN' })
})

test('a PUT /faults whose body is on its way at SIGTERM is answered', async () => {
  await using provider = await spawnProvider(FAULTS)
  await using connection = new RawConnection(provider.adminPort)
  connection.send('PUT /faults HTTP/1.1\r\nhost: localhost\r\ncontent-length: 11\r\n')
  connection.send('content-type: text/plain\r\nexpect: 100-continue\r\n\r\n')
  await until(
    () => connection.received,
    (text) => text.includes('100 Continue'),
  )
  provider.signal('SIGTERM')
  await until(
    () => provider.logged('draining').length,
    (n) => n === 1,
  )
  connection.send('delay;ms=10')
  await connection.closed
  expect(connection.received).toContain('HTTP/1.1 200 OK')
  expect(await provider.ended).toEqual({ code: 0, signal: null })
  expect(provider.lines.at(-1)).toMatchObject({ admin_answered: 1, admin_cut: 0 })
})

const SCRAPES = 800

/** Requests more than the kernel buffers, on one connection, and reads nothing until told to. */
async function stalledReader(service: ServiceProcess): Promise<RawConnection> {
  const connection = new RawConnection(service.adminPort)
  connection.socket.pause()
  connection.send('GET /metrics HTTP/1.1\r\nhost: localhost\r\n\r\n'.repeat(SCRAPES))
  await using client = new KeepAliveClient()
  // The answer comes after everything that the service could already write.
  expect((await client.get(`${service.adminUrl}/info`)).status).toBe(200)
  return connection
}

test('a slow reader of /metrics gets every answer whole', async () => {
  await using provider = await spawnProvider()
  await using reader = await stalledReader(provider)
  provider.signal('SIGTERM')
  await until(
    () => provider.logged('draining').length,
    (n) => n === 1,
  )
  reader.socket.resume()
  expect(await provider.ended).toEqual({ code: 0, signal: null })
  await reader.closed
  expect(new Set(reader.answers.map(({ status }) => status))).toEqual(new Set([200]))
  expect(reader.answers).toHaveLength(SCRAPES)
  expect(provider.lines.at(-1)).toMatchObject({ admin_cut: 0, cut_connections: 0 })
})

test('a reader of /metrics that never reads is cut after SHUTDOWN_TIMEOUT_MS', async () => {
  await using provider = await spawnProvider({ SHUTDOWN_TIMEOUT_MS: '500' })
  await using _reader = await stalledReader(provider)
  provider.signal('SIGTERM')
  expect(await provider.ended).toEqual({ code: 1, signal: null })
  const { msg, admin_cut: cut, cut_connections: connections } = provider.lines.at(-1) ?? {}
  expect([msg, connections]).toEqual(['stopped, connections were cut', 1])
  expect(cut).toBeGreaterThan(0)
})

test('an idle admin port does not keep the process running', async () => {
  await using upstream = await misbehavingUpstream(() => {})
  await using consumer = await spawnConsumer(upstream.port)
  await using client = new KeepAliveClient()
  await client.get(`${consumer.adminUrl}/readyz`)
  const signalledAt = performance.now()
  consumer.signal('SIGTERM')
  expect(await consumer.ended).toEqual({ code: 0, signal: null })
  expect(performance.now() - signalledAt).toBeLessThan(6000)
})
