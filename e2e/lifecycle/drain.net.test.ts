import { type Answer, isRefused, KeepAliveClient } from '@linkerd-scenario/test-kit/http-client'
import { misbehavingUpstream, providerAnswer } from '@linkerd-scenario/test-kit/misbehaving-upstream'
import { RawConnection } from '@linkerd-scenario/test-kit/raw-http'
import { spawnConsumer, spawnProvider, spawnSlowProvider } from '@linkerd-scenario/test-kit/service-process'
import { until } from '@linkerd-scenario/test-kit/until'
import { expect, test } from 'vitest'

const CONCURRENT = 200
const GROUP = 20

test('on SIGTERM each of 200 requests in flight on kept-alive connections gets its whole answer', async () => {
  await using provider = await spawnSlowProvider()
  await using client = new KeepAliveClient()
  await Promise.all(Array.from({ length: CONCURRENT }, () => client.get(`${provider.url}/`)))
  const inFlight = Array.from({ length: CONCURRENT }, () => client.get(`${provider.url}/slow?ms=1500`))
  await provider.inFlight(CONCURRENT)
  const signalledAt = performance.now()
  provider.signal('SIGTERM')
  const answers = await Promise.all(inFlight)
  for (const { status, body, headers } of answers) {
    expect({ status, bytes: body.length, connection: headers.connection }).toEqual({
      status: 200,
      bytes: JSON.stringify({ whole: 'x'.repeat(10_000) }).length,
      connection: 'close',
    })
  }
  expect(await provider.ended).toEqual({ code: 0, signal: null })
  // The slow handler's time and little more: the limit is 10 s, the keep-alive timeout 65 s.
  expect(performance.now() - signalledAt).toBeLessThan(8000)
  expect(provider.logged('stopped, nothing was lost')).toHaveLength(1)
})

test('on SIGTERM the consumer forwards each of 200 answers that its upstream still owes', async () => {
  const waiting: (() => void)[] = []
  await using upstream = await misbehavingUpstream((socket) => {
    waiting.push(() => socket.write(providerAnswer()))
  })
  await using consumer = await spawnConsumer(upstream.port, {
    UPSTREAM_CONNECTIONS: String(CONCURRENT),
    UPSTREAM_TIMEOUT_MS: '60000',
  })
  await using client = new KeepAliveClient()
  const inFlight: Promise<Answer>[] = []
  // In groups: on a busy machine a newly started consumer would shed some of 200 simultaneous calls.
  while (inFlight.length < CONCURRENT) {
    inFlight.push(...Array.from({ length: GROUP }, () => client.get(`${consumer.url}/`)))
    await until(
      () => ({ atUpstream: waiting.length, refused: consumer.logged('request') }),
      ({ atUpstream }) => atUpstream === inFlight.length,
      { withinMs: 20_000 },
    )
  }
  consumer.signal('SIGTERM')
  await until(
    () => isRefused(consumer.port),
    (refused) => refused,
  )
  for (const answer of waiting) answer()
  const answers = await Promise.all(inFlight)
  expect(
    new Set(
      answers.map(({ status, headers, body }) => `${status} ${headers.connection}${status === 200 ? '' : ` ${body}`}`),
    ),
  ).toEqual(new Set(['200 close']))
  expect(await consumer.ended).toEqual({ code: 0, signal: null })
})

test('the drain does not wait for connections that are idle, answered, or never sent a byte', async () => {
  await using provider = await spawnProvider()
  await using client = new KeepAliveClient()
  await using silent = new RawConnection(provider.port)
  await using silentAtAdmin = new RawConnection(provider.adminPort)
  await client.get(provider.url)
  await until(
    () => client.idle,
    (idle) => idle === 1,
  )
  const signalledAt = performance.now()
  provider.signal('SIGTERM')
  expect(await provider.ended).toEqual({ code: 0, signal: null })
  expect(performance.now() - signalledAt).toBeLessThan(6000)
  await Promise.all([silent.closed, silentAtAdmin.closed])
})

test('during DRAIN_DELAY_MS readiness is 503, every request succeeds with Connection: close, then the port closes', async () => {
  await using provider = await spawnProvider({ DRAIN_DELAY_MS: '2000' })
  await using kept = new KeepAliveClient(1)
  await using prober = new KeepAliveClient(1)
  expect((await kept.get(provider.url)).headers.connection).toBe('keep-alive')
  expect((await prober.get(`${provider.adminUrl}/readyz`)).status).toBe(200)
  const signalledAt = performance.now()
  provider.signal('SIGTERM')
  const ready = await until(
    () => prober.get(`${provider.adminUrl}/readyz`),
    ({ status }) => status === 503,
    { withinMs: 1500 },
  )
  expect(JSON.parse(ready.body)).toEqual({ status: 'draining' })
  expect((await prober.get(`${provider.adminUrl}/livez`)).status).toBe(200)
  expect(kept.idle).toBe(1)
  const onKept = await kept.get(provider.url)
  await using fresh = new KeepAliveClient(1)
  const onNew = await fresh.get(provider.url)
  for (const { status, headers } of [onKept, onNew]) {
    expect({ status, connection: headers.connection }).toEqual({ status: 200, connection: 'close' })
  }
  expect(performance.now() - signalledAt).toBeLessThan(2000)
  await until(
    () => isRefused(provider.port),
    (refused) => refused,
  )
  expect(performance.now() - signalledAt).toBeGreaterThanOrEqual(2000)
  expect(await provider.ended).toEqual({ code: 0, signal: null })
})

test('a request that is not answered within SHUTDOWN_TIMEOUT_MS is cut, and the exit status says so', async () => {
  await using provider = await spawnSlowProvider({ SHUTDOWN_TIMEOUT_MS: '500' })
  await using client = new KeepAliveClient()
  const hanging = client.get(`${provider.url}/hang`)
  const broken = expect(hanging).rejects.toMatchObject({ code: 'ECONNRESET' })
  await provider.inFlight(1)
  const signalledAt = performance.now()
  provider.signal('SIGTERM')
  await broken
  expect(await provider.ended).toEqual({ code: 1, signal: null })
  const took = performance.now() - signalledAt
  expect(took).toBeGreaterThanOrEqual(500)
  expect(took).toBeLessThan(6000)
  expect(provider.logged('stopped, connections were cut')[0]).toMatchObject({ cut_connections: 1 })
})

test('drains both servers where localhost has two address families', async () => {
  await using provider = await spawnSlowProvider({
    HOST: 'localhost',
    NODE_OPTIONS: `--import ${new URL('../fixtures/two-address-families.ts', import.meta.url).href}`,
  })
  const hosts = ['[::1]', '127.0.0.1']
  await using client = new KeepAliveClient()
  await Promise.all(hosts.map((host) => client.get(`http://${host}:${provider.port}/`)))
  const slow = hosts.map((host) => client.get(`http://${host}:${provider.port}/slow?ms=800`))
  await provider.inFlight(2)
  provider.signal('SIGTERM')
  expect((await Promise.all(slow)).map(({ status }) => status)).toEqual([200, 200])
  expect(await provider.ended).toEqual({ code: 0, signal: null })
})
