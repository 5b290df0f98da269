import { KeepAliveClient } from '@linkerd-scenario/test-kit/http-client'
import { startProvider } from '@linkerd-scenario/test-kit/in-process'
import { RawConnection } from '@linkerd-scenario/test-kit/raw-http'
import { spawnSlowProvider } from '@linkerd-scenario/test-kit/service-process'
import { until } from '@linkerd-scenario/test-kit/until'
import { expect, test } from 'vitest'

const get = 'GET /?in=x HTTP/1.1\r\nHost: x\r\n\r\n'

test('a connection above the limit gets 503 with Retry-After and is closed, until another one has gone', async () => {
  await using provider = await startProvider({ limits: { connections: 2 } })
  const connections = [1, 2].map(() => new RawConnection(provider.port))
  for (const connection of connections) {
    connection.send(get)
    await until(
      () => connection.answers,
      ([answer]) => answer?.status === 200,
    )
  }
  await using surplus = new RawConnection(provider.port)
  surplus.send(get)
  await surplus.closed
  expect(surplus.answers).toMatchObject([
    { status: 503, headers: { 'retry-after': '1', connection: 'close', 'content-type': 'application/problem+json' } },
  ])
  expect(surplus.received).toContain('urn:linkerd-scenario:problem:TOO_MANY_CONNECTIONS')
  connections[0]?.send(get)
  await until(
    () => connections[0]?.answers.length,
    (n) => n === 2,
  )

  await connections[0]?.[Symbol.asyncDispose]()
  const status = await until(
    async () => {
      await using next = new RawConnection(provider.port)
      next.send(get)
      await until(
        () => next.answers.length,
        (n) => n === 1,
      )
      return next.answers[0]?.status
    },
    (seen) => seen === 200,
  )
  expect(status).toBe(200)
  await connections[1]?.[Symbol.asyncDispose]()
})

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

test('one long turn of the event loop is no overload', async () => {
  await using provider = await spawnSlowProvider()
  await using client = new KeepAliveClient()
  await client.get(`${provider.adminUrl}/block?ms=1`)
  const answers = await Promise.all(Array.from({ length: 50 }, () => client.get(provider.url)))
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
})
