import { RawConnection, rawExchange } from '@linkerd-scenario/test-kit/raw-http'
import { until } from '@linkerd-scenario/test-kit/until'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { bothServices, TARGETS, type Target } from './both-services.ts'
import { insanity } from './sane-answer.ts'

const stack = new AsyncDisposableStack()
let targets: Record<string, Target>
/** Services that cut off a request whose headers are late, but wait for a late body. */
let patient: Record<string, Target>

beforeAll(async () => {
  targets = await bothServices(stack, { limits: { headersTimeoutMs: 400, requestTimeoutMs: 500 } })
  patient = await bothServices(stack, { limits: { headersTimeoutMs: 400, requestTimeoutMs: 60_000 } })
})

afterAll(() => stack.disposeAsync())

const post = (headers: string, body: string) =>
  `POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\n${headers}\r\n${body}`
/** What an attacker wants to pass off as somebody else's request. */
const SMUGGLED = 'GET /?in=smuggled HTTP/1.1\r\nHost: localhost\r\n\r\n'
const CHUNKED = 'Transfer-Encoding: chunked\r\n'

const FRAMING: Record<string, string> = {
  'a length and chunks': post(`Content-Length: 5\r\n${CHUNKED}`, `0\r\n\r\n${SMUGGLED}`),
  'chunks and a length': post(`${CHUNKED}Content-Length: 5\r\n`, `0\r\n\r\n${SMUGGLED}`),
  'two lengths': post(`Content-Length: 0\r\nContent-Length: ${SMUGGLED.length}\r\n`, SMUGGLED),
  'two lengths that agree': post('Content-Length: 1\r\nContent-Length: 1\r\n', `x${SMUGGLED}`),
  'a list of lengths': post('Content-Length: 1, 1\r\n', `x${SMUGGLED}`),
  'a length with a sign': post('Content-Length: +1\r\n', `x${SMUGGLED}`),
  'a negative length': post('Content-Length: -1\r\n', SMUGGLED),
  'a length in hexadecimal': post('Content-Length: 0x1\r\n', `x${SMUGGLED}`),
  'a length above 2^64': post(`Content-Length: ${'9'.repeat(40)}\r\n`, SMUGGLED),
  'an empty length': post('Content-Length: \r\n', SMUGGLED),
  'chunked twice': post('Transfer-Encoding: chunked, chunked\r\n', `0\r\n\r\n${SMUGGLED}`),
  'chunked, then identity': post('Transfer-Encoding: chunked, identity\r\n', `0\r\n\r\n${SMUGGLED}`),
  'an unknown coding': post('Transfer-Encoding: xchunked\r\n', `0\r\n\r\n${SMUGGLED}`),
  'a coding behind a vertical tab': post('Transfer-Encoding: \vchunked\r\n', `0\r\n\r\n${SMUGGLED}`),
  'a space before the colon': post(`Transfer-Encoding : chunked\r\n`, `0\r\n\r\n${SMUGGLED}`),
  'a chunk size that is not a number': post(CHUNKED, `zz\r\nx\r\n0\r\n\r\n${SMUGGLED}`),
  'a chunk size with 0x': post(CHUNKED, `0x1\r\nx\r\n0\r\n\r\n${SMUGGLED}`),
  'a chunk size above 2^64': post(CHUNKED, `FFFFFFFFFFFFFFFFF\r\nx\r\n0\r\n\r\n${SMUGGLED}`),
  'a negative chunk size': post(CHUNKED, `-1\r\nx\r\n0\r\n\r\n${SMUGGLED}`),
  'a chunk that ends elsewhere': post(CHUNKED, `1\r\nxx\r\n0\r\n\r\n${SMUGGLED}`),
  'a chunk size that ends with LF': post(CHUNKED, `1\nx\r\n0\r\n\r\n${SMUGGLED}`),
  'a folded header': `GET / HTTP/1.1\r\nHost: localhost\r\nX-A: a\r\n b\r\n\r\n`,
  'a fold before the first header': 'GET / HTTP/1.1\r\n X-A: a\r\nHost: localhost\r\n\r\n',
  'a header name with a space': 'GET / HTTP/1.1\r\nHost: localhost\r\nX A: a\r\n\r\n',
  'a header without a colon': 'GET / HTTP/1.1\r\nHost: localhost\r\nX-A\r\n\r\n',
  ...Object.fromEntries(
    ['X-Request-Id', 'X-Route', 'X-Fault'].flatMap((header) =>
      ['\rX-Injected: 1', '\n X-Injected: 1', '\r\n X-Injected: 1', '\0'].map((bytes) => [
        `${JSON.stringify(bytes)} in ${header}`,
        `GET / HTTP/1.1\r\nHost: localhost\r\n${header}: a${bytes}\r\n\r\n`,
      ]),
    ),
  ),
  'a header with a bare CR': 'GET / HTTP/1.1\r\nHost: localhost\r\nX-A: a\rX-B: b\r\n\r\n',
  'a header with NUL': 'GET / HTTP/1.1\r\nHost: localhost\r\nX-A: \0\r\n\r\n',
  'a method that nobody knows': 'GETT / HTTP/1.1\r\nHost: localhost\r\n\r\n',
  'a method in small letters': 'get / HTTP/1.1\r\nHost: localhost\r\n\r\n',
  'a version that nobody speaks': 'GET / HTTP/9.9\r\nHost: localhost\r\n\r\n',
  'the version of HTTP/0.9': 'GET /\r\n\r\n',
  'the preface of HTTP/2': 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
  'a TLS handshake': '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03',
  'a target with a space': 'GET /?in=a b HTTP/1.1\r\nHost: localhost\r\n\r\n',
  'a target with a control character': 'GET /?in=\x01 HTTP/1.1\r\nHost: localhost\r\n\r\n',
  CONNECT: 'CONNECT elsewhere.example:443 HTTP/1.1\r\nHost: elsewhere.example:443\r\n\r\nhello',
}

describe.each(TARGETS)('the %s', (name) => {
  test.each(Object.entries(FRAMING))('refuses %s with one 400, and closes', async (_form, bytes) => {
    const target = targets[name] as Target
    const answers = await rawExchange(target.port, Buffer.from(bytes, 'latin1'))
    expect(answers.map(({ status }) => status)).toEqual([400])
    expect(answers.map(insanity)).toEqual([undefined])
    expect(answers[0]?.headers['connection']).toBe('close')
    const lines = await until(
      () => target.service.lines.filter((line) => line['request_id'] === answers[0]?.headers['x-request-id']),
      ({ length }) => length > 0,
    )
    expect(lines.map((line) => line['http.response.status_code'])).toEqual([400])
    expect(JSON.stringify(lines)).not.toContain('smuggled')
  })

  test.each([
    ['a header of 1 MB', `GET / HTTP/1.1\r\nHost: localhost\r\nX-Long: ${'x'.repeat(2 ** 20)}\r\n\r\n`],
    ['100,000 headers', `GET / HTTP/1.1\r\nHost: localhost\r\n${'X: y\r\n'.repeat(100_000)}\r\n`],
    ['a target of 1 MB', `GET /?in=${'x'.repeat(2 ** 20)} HTTP/1.1\r\nHost: localhost\r\n\r\n`],
  ])('refuses %s with one 431, and closes', async (_form, bytes) => {
    const answers = await rawExchange((targets[name] as Target).port, bytes)
    expect(answers.map(({ status }) => status)).toEqual([431])
    expect(answers.map(insanity)).toEqual([undefined])
  })

  test.each([
    ['headers that stop', 'GET / HTTP/1.1\r\nHost: localhost\r\n'],
    ['a request line that stops', 'GET /?in='],
  ])('cuts %s with 408, long before a body would be', async (_form, bytes) => {
    const startedAt = performance.now()
    const answers = await rawExchange((patient[name] as Target).port, bytes)
    expect(answers.map(({ status }) => status)).toEqual([408])
    expect(answers.map(insanity)).toEqual([undefined])
    expect(performance.now() - startedAt).toBeLessThan(10_000)
  })

  test.each([
    ['a body that stops', post('Content-Length: 9\r\n', 'x')],
    ['a chunk that stops', post(CHUNKED, '9\r\nx')],
  ])('cuts %s, with 408 where nothing was answered yet', async (_form, bytes) => {
    const startedAt = performance.now()
    const answers = await rawExchange((targets[name] as Target).port, bytes)
    // The admin port has no POST /, and says so before the body arrives.
    const isAnswered = answers[0]?.status === 404
    expect(answers.map(({ status }) => status)).toEqual(isAnswered ? [404] : [408])
    expect(answers.map(insanity)).toEqual([undefined])
    expect(performance.now() - startedAt).toBeLessThan(10_000)
  })

  test('cuts headers and bodies that drip', async () => {
    const { port } = targets[name] as Target
    for (const head of ['GET / HTTP/1.1\r\nX-Drip: ', post('Content-Length: 1000\r\n', '')]) {
      await using connection = new RawConnection(port)
      connection.send(head)
      const drip = setInterval(() => connection.socket.writable && connection.send('x'), 50)
      await connection.closed.finally(() => clearInterval(drip))
      expect(connection.answers.map(({ status }) => status)).toEqual([408])
    }
  })
})
