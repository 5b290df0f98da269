import { startProvider } from '@linkerd-scenario/test-kit/in-process'
import { RawConnection, rawExchange } from '@linkerd-scenario/test-kit/raw-http'
import { until } from '@linkerd-scenario/test-kit/until'
import { expect, test } from 'vitest'

const get = 'GET /?in=x HTTP/1.1\r\nHost: x\r\n\r\n'
const lastGet = 'GET /?in=last HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n'

test('answers requests one after the other on one connection, pipelined ones in their order', async () => {
  await using provider = await startProvider()
  await using connection = new RawConnection(provider.port)
  for (let sent = 1; sent <= 3; sent += 1) {
    connection.send(get)
    await until(
      () => connection.answers.length,
      (answers) => answers === sent,
    )
  }
  connection.send([1, 2, 3].map((i) => get.replace('in=x', `in=${i}`)).join('') + lastGet)
  await connection.closed
  const messages = connection.answers.map(({ body }) => (JSON.parse(body) as { message: string }).message.slice(17))
  expect(messages).toEqual(['x', 'x', 'x', '1', '2', '3', 'last'])
  expect(connection.answers[0]?.headers).toMatchObject({ connection: 'keep-alive', 'keep-alive': 'timeout=65' })
})

test('takes 15 kB of headers, each of them', async () => {
  await using provider = await startProvider()
  const lines = Array.from({ length: 600 }, (_, i) => `X-H${i}: 1234567890\r\n`).join('')
  const bytes = `GET /?headers=true HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${lines}\r\n`
  const [answer] = await rawExchange(provider.port, bytes)
  expect(answer?.status).toBe(200)
  expect(answer?.body).toContain('["X-H599","1234567890"]')
})

test('ignores an upgrade that it does not know', async () => {
  await using provider = await startProvider()
  const upgrade = 'GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n'
  await using connection = new RawConnection(provider.port)
  connection.send(upgrade)
  await until(
    () => connection.answers,
    ([answer]) => answer?.status === 200,
  )
})

test('answers OPTIONS * with what there is', async () => {
  await using provider = await startProvider()
  const [options] = await rawExchange(provider.port, 'OPTIONS * HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')
  expect(options).toMatchObject({ status: 405, headers: { allow: 'GET, HEAD, POST' } })
})

test('takes a body of 2 MiB to its end before the connection goes on or closes, so that the 413 is seen', async () => {
  await using provider = await startProvider()
  const body = Buffer.alloc(2 * 1024 * 1024, 'x')
  for (let i = 0; i < 10; i += 1) {
    await using connection = new RawConnection(provider.port)
    const head = `POST / HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\nContent-Length: ${body.length}\r\n\r\n`
    connection.send(Buffer.concat([Buffer.from(head), body, Buffer.from(lastGet)]))
    await connection.closed
    const [refused, next, ...more] = connection.answers
    expect({ status: refused?.status, error: connection.errorCode, more }).toEqual({
      status: 413,
      error: undefined,
      more: [],
    })
    // Either the connection closed after the refusal, or the next request found it sane.
    if (refused?.headers['connection'] !== 'close') expect(next?.status).toBe(200)
  }
})
