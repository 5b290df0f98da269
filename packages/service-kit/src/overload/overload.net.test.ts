import { KeepAliveClient } from '@linkerd-scenario/test-kit/http-client'
import { type InProcessService, startProvider } from '@linkerd-scenario/test-kit/in-process'
import { RawConnection } from '@linkerd-scenario/test-kit/raw-http'
import { spawnSlowProvider } from '@linkerd-scenario/test-kit/service-process'
import { until } from '@linkerd-scenario/test-kit/until'
import { expect, onTestFinished, test, vi } from 'vitest'

/** How many requests the shedder takes for served, once none is in flight. */
async function served({ runtime: { requests } }: InProcessService): Promise<number> {
  await until(
    () => requests.public.active,
    (active) => active === 0,
  )
  return requests.public.served
}

test('an overloaded event loop sheds with 503 and Retry-After, while probes are answered, and recovers', async () => {
  await using provider = await spawnSlowProvider()
  await using client = new KeepAliveClient()
  await client.get(`${provider.adminUrl}/block?ms=3000`)
  const shed = await until(
    () => client.get(provider.url),
    ({ status }) => status === 503,
  )
  expect(shed.headers['retry-after']).toBe('1')
  expect(JSON.parse(shed.body)).toMatchObject({
    type: 'urn:linkerd-scenario:problem:OVERLOADED',
    status: 503,
    origin: 'provider',
  })
  const probes = await Promise.all(['/livez', '/readyz'].map((path) => client.get(provider.adminUrl + path)))
  expect(probes.map(({ status }) => status)).toEqual([200, 200])
  expect((await client.get(`${provider.url}/nothing`)).status).toBe(404)
  await until(
    () => client.get(provider.url),
    ({ status }) => status === 200,
  )
  const { body } = await client.get(`${provider.adminUrl}/metrics`)
  expect(body).toMatch(/^http_server_requests_shed_total\{reason="eventLoop\w+"\} [1-9]/m)
})

test('one long turn of the event loop is not an overload', async () => {
  await using provider = await spawnSlowProvider()
  await using client = new KeepAliveClient()
  await client.get(`${provider.adminUrl}/block?ms=1`)
  const answers = await Promise.all(Array.from({ length: 50 }, () => client.get(provider.url)))
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
})

test.each([
  'GET / HTTP/1.1\r\nHost: x\r\n\r\n',
  'HEAD / HTTP/1.1\r\nHost: x\r\n\r\n',
  'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n',
  'POST / HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\nContent-Length: 1\r\n\r\nx',
])('costly requests that arrive together share the turns with others: %j', async (request) => {
  const ran = { inFirstTurn: 0, inAll: 0 }
  const costly = () => {
    ran.inAll += 1
    if (ran.inAll === 1)
      setImmediate(() => {
        ran.inFirstTurn = ran.inAll
      })
    const end = performance.now() + 15
    while (performance.now() < end);
  }
  await using provider = await startProvider({
    extend: (api) => {
      api.addHook('preHandler', (_request, _reply, done) => {
        costly()
        done()
      })
    },
  })
  await using connection = new RawConnection(provider.port)
  connection.send(request.repeat(8))
  await until(
    () => ran.inAll,
    (n) => n === 8,
  )
  expect(ran.inFirstTurn).toBeLessThan(8)
})

test('answers count as served, also to an unknown path, and a refusal for too many connections does not', async () => {
  await using provider = await startProvider({ limits: { connections: 1 } })
  await using admitted = new RawConnection(provider.port)
  await using surplus = new RawConnection(provider.port)
  admitted.send('GET / HTTP/1.1\r\nHost: x\r\n\r\nGET /nothing HTTP/1.1\r\nHost: x\r\n\r\n')
  await until(
    () => admitted.answers.map(({ status }) => status),
    (statuses) => statuses.join() === '200,404',
  )
  surplus.send('GET / HTTP/1.1\r\nHost: x\r\n\r\n')
  await surplus.closed
  expect(surplus.received).toContain('TOO_MANY_CONNECTIONS')
  expect(await served(provider)).toBe(2)
})

test('a request that the event loop is too late for does not count as served', async () => {
  // No wait is short enough.
  await using provider = await startProvider({ limits: { eventLoopDelayMs: -1 } })
  expect((await fetch(provider.url)).status).toBe(503)
  expect(await served(provider)).toBe(0)
})

test('a request that is refused for the full heap does not count as served', async () => {
  const memory = vi.spyOn(process, 'memoryUsage')
  onTestFinished(() => memory.mockRestore())
  memory.mockReturnValue({ ...process.memoryUsage(), heapUsed: Number.POSITIVE_INFINITY })
  await using provider = await startProvider()
  let admitted = 0
  const refused = await until(
    async () => {
      const answer = await fetch(provider.url)
      if (answer.status === 200) admitted += 1
      return { status: answer.status, body: await answer.text() }
    },
    ({ status }) => status === 503,
  )
  expect(refused.body).toContain('heapUsedBytes')
  expect(await served(provider)).toBe(admitted)
})
