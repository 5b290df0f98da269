import type { Problem } from '@linkerd-scenario/contract'
import { type InProcessService, startProvider } from '@linkerd-scenario/test-kit/in-process'
import { type RawAnswer, rawExchange } from '@linkerd-scenario/test-kit/raw-http'
import { until } from '@linkerd-scenario/test-kit/until'
import request from 'supertest'
import { expect, test } from 'vitest'

function problemIn(answer: RawAnswer | undefined): Problem | undefined {
  expect(answer?.headers).toMatchObject({
    'content-type': 'application/problem+json',
    'x-responder': expect.stringMatching(/^provider\/v1\//) as string,
    'x-request-id': expect.any(String) as string,
  })
  return answer && (JSON.parse(answer.body) as Problem)
}

/** The requests that were counted, by their labels, once none is in flight. */
async function counted({ adminUrl }: InProcessService): Promise<Record<string, number>> {
  const text = await until(
    async () => (await request(adminUrl).get('/metrics')).text,
    (seen) => seen.includes('http_server_active_requests 0'),
  )
  const counts = text.matchAll(/^http_server_request_duration_seconds_count\{(.*)\} (\d+)$/gm)
  return Object.fromEntries([...counts].map(([, labels = '', count]) => [labels, Number(count)]))
}

test.each([
  ['64 kB of headers', `GET / HTTP/1.1\r\nHost: x\r\nX-Long: ${'x'.repeat(64 * 1024)}\r\n\r\n`],
  ['a query of 100 kB', `GET /?in=${'x'.repeat(100_000)} HTTP/1.1\r\nHost: x\r\n\r\n`],
  ['5000 headers', `GET / HTTP/1.1\r\nHost: x\r\n${'X-Many: 1234567890\r\n'.repeat(5000)}\r\n`],
])('refuses %s with 431', async (_name, bytes) => {
  await using provider = await startProvider()
  const [answer] = await rawExchange(provider.port, bytes)
  expect(answer?.status).toBe(431)
  expect(problemIn(answer)).toMatchObject({ status: 431, origin: 'provider' })
  const { 'x-request-id': id } = answer?.headers ?? {}
  expect(provider.lines).toEqual([
    expect.objectContaining({ 'http.response.status_code': 431, 'error.type': 'HEADERS_TOO_LARGE', request_id: id }),
  ])
  expect(Object.keys(await counted(provider))).toEqual([
    'http_request_method="_OTHER",http_route="",http_response_status_code="431",error_type="HEADERS_TOO_LARGE",origin="provider"',
  ])
})

test.each([
  ['headers that never end', 'GET / HTTP/1.1\r\nHost: x\r\n', ''],
  [
    'a body that never ends',
    'POST / HTTP/1.1\r\nHost: x\r\nX-Request-Id: slow\r\nContent-Type: text/plain\r\nContent-Length: 9\r\n\r\nx',
    'slow',
  ],
])('answers %s with 408, in one access line', async (_name, bytes, requestId) => {
  await using provider = await startProvider({ limits: { headersTimeoutMs: 300, requestTimeoutMs: 400 } })
  const [answer] = await rawExchange(provider.port, bytes)
  expect(answer?.status).toBe(408)
  expect(problemIn(answer)).toMatchObject({ status: 408 })
  if (requestId !== '') expect(answer?.headers['x-request-id']).toBe(requestId)
  const counts = await counted(provider)
  expect(provider.lines).toEqual([
    expect.objectContaining({
      'http.response.status_code': 408,
      'error.type': 'REQUEST_TIMEOUT',
      request_id: answer?.headers['x-request-id'],
    }),
  ])
  expect(Object.values(counts)).toEqual([1])
  expect(Object.keys(counts)[0]).toContain('http_response_status_code="408",error_type="REQUEST_TIMEOUT"')
})

test.each([
  ['bytes that are not HTTP', '\u0016\u0003\u0001\u0000\r\n\r\n'],
  ['a method that nobody knows', 'NOVERB / HTTP/1.1\r\nHost: x\r\n\r\n'],
  ['a version that nobody speaks', 'GET / HTTP/3.7\r\nHost: x\r\n\r\n'],
  ['the preface of HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
  ['two lengths', 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx'],
  [
    'a length and chunks',
    'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
  ],
  ['a header with a NUL', 'GET / HTTP/1.1\r\nHost: x\r\nX-A: a\u0000b\r\n\r\n'],
  [
    'a broken chunk',
    'POST / HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n',
  ],
  ['no Host', 'GET / HTTP/1.1\r\nConnection: close\r\n\r\n'],
  ['two Hosts', 'GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\nConnection: close\r\n\r\n'],
  ['a path that cannot be decoded', 'GET /%zz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n'],
])('refuses %s with 400, in one access line', async (_name, bytes) => {
  await using provider = await startProvider()
  const answers = await rawExchange(provider.port, bytes)
  expect(answers).toHaveLength(1)
  expect(answers[0]?.status).toBe(400)
  expect(problemIn(answers[0])?.type).toBe('urn:linkerd-scenario:problem:BAD_REQUEST')
  expect(Object.values(await counted(provider))).toEqual([1])
  expect(provider.lines).toHaveLength(1)
})

test('closes a connection that stays silent, without an answer or a log line', async () => {
  await using provider = await startProvider({ limits: { headersTimeoutMs: 300, requestTimeoutMs: 400 } })
  expect(await rawExchange(provider.port, '')).toEqual([])
  expect(provider.lines).toEqual([])
})
