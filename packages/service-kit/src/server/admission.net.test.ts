import { startProvider } from '@linkerd-scenario/test-kit/in-process'
import { RawConnection, rawExchange } from '@linkerd-scenario/test-kit/raw-http'
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

test('takes a request of HTTP/1.0 without a Host', async () => {
  await using provider = await startProvider()
  const [answer] = await rawExchange(provider.port, 'GET /?in=old HTTP/1.0\r\n\r\n')
  expect(answer?.status).toBe(200)
})

test('answers 100-continue, and refuses any other expectation with 417', async () => {
  await using provider = await startProvider()
  const post = 'POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n'
  const continued = await rawExchange(provider.port, `${post}Expect: 100-continue\r\n\r\nhi`)
  expect(continued.map(({ status }) => status)).toEqual([100, 200])
  const [refused] = await rawExchange(provider.port, `${post}Expect: the-unexpected\r\n\r\nhi`)
  expect(refused?.status).toBe(417)
  expect(refused?.body).toContain('urn:linkerd-scenario:problem:EXPECTATION_FAILED')
})
