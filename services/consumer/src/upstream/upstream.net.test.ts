import type { Problem } from '@linkerd-scenario/contract'
import { type InProcessService, startConsumer } from '@linkerd-scenario/test-kit/in-process'
import {
  httpAnswer,
  type Misbehaviour,
  misbehavingUpstream,
  providerAnswer,
} from '@linkerd-scenario/test-kit/misbehaving-upstream'
import request from 'supertest'
import { describe, expect, test } from 'vitest'

const TIMEOUT_MS = 400
const responder = { 'x-responder': 'provider/v1/test' }

interface Case {
  upstream: Misbehaviour
  status: number
  code: string
  origin: Problem['origin']
  more?: Partial<Problem>
}

const BROKEN = { status: 502, code: 'UPSTREAM_BROKEN', origin: 'network' } as const

const CASES: Record<string, Case> = {
  'resets the connection': {
    upstream: (socket) => socket.resetAndDestroy(),
    ...BROKEN,
  },
  'closes without an answer': {
    upstream: (socket) => socket.end(),
    ...BROKEN,
  },
  'sends half of its headers': {
    upstream: (socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-le'),
    ...BROKEN,
  },
  'sends half of its body': {
    upstream: (socket) => socket.end(providerAnswer().slice(0, -20)),
    ...BROKEN,
  },
  'resets in the middle of its body': {
    upstream: (socket) => socket.write(providerAnswer().slice(0, -20), () => socket.resetAndDestroy()),
    ...BROKEN,
  },
  'sends garbage': {
    upstream: (socket) => socket.write('\u0016\u0003\u0001garbage\r\n\r\n'),
    ...BROKEN,
  },
  'speaks SMTP': {
    upstream: (socket) => socket.write('220 mail.test ESMTP\r\n\r\n'),
    ...BROKEN,
  },
  'sends a broken chunk': {
    upstream: (socket) => socket.write('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n'),
    ...BROKEN,
  },
  'answers nothing': { upstream: () => {}, status: 504, code: 'UPSTREAM_TIMEOUT', origin: 'consumer' },
  'stops in the middle of its body': {
    upstream: (socket) => socket.write(providerAnswer().slice(0, -20)),
    status: 504,
    code: 'UPSTREAM_TIMEOUT',
    origin: 'consumer',
  },
  'drips its body': {
    upstream: (socket) => {
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n')
      const drip = setInterval(() => socket.write('x'), 20)
      socket.once('close', () => clearInterval(drip))
    },
    status: 504,
    code: 'UPSTREAM_TIMEOUT',
    origin: 'consumer',
  },
  redirects: {
    upstream: (socket) => socket.write(httpAnswer(302, { location: 'http://127.0.0.1:1/' })),
    status: 502,
    code: 'UPSTREAM_INVALID',
    origin: 'mesh',
  },
  'answers 204': {
    upstream: (socket) => socket.write('HTTP/1.1 204 No Content\r\nx-responder: provider/v1/test\r\n\r\n'),
    status: 502,
    code: 'UPSTREAM_INVALID',
    origin: 'provider',
  },
  'is another program': {
    upstream: (socket) => socket.write(httpAnswer(200, { 'content-type': 'text/html' }, '<h1>It works!</h1>')),
    status: 502,
    code: 'UPSTREAM_INVALID',
    origin: 'mesh',
  },
  'is a provider with another answer': {
    upstream: (socket) => socket.write(httpAnswer(200, responder, '{"message":1,"hops":[]}')),
    status: 502,
    code: 'UPSTREAM_INVALID',
    origin: 'provider',
  },
  'answers 17 MiB': {
    upstream: (socket) => socket.write(httpAnswer(200, responder, 'x'.repeat(17 * 1024 * 1024))),
    status: 502,
    code: 'UPSTREAM_INVALID',
    origin: 'network',
  },
  'answers with a status that HTTP does not have': {
    upstream: (socket) => socket.write(httpAnswer(799, responder)),
    status: 502,
    code: 'UPSTREAM_INVALID',
    origin: 'provider',
  },
  // Allowed by RFC 9110, but nobody asked: undici refuses it.
  'says 100 Continue': {
    upstream: (socket) => socket.write(`HTTP/1.1 100 Continue\r\n\r\n${providerAnswer()}`),
    ...BROKEN,
  },
  'switches to another protocol': {
    upstream: (socket) => socket.write('HTTP/1.1 101 Switching\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n'),
    ...BROKEN,
  },
  'answers 503 as a provider': {
    upstream: (socket) => socket.write(httpAnswer(503, { ...responder, 'retry-after': '7' })),
    status: 503,
    code: 'UPSTREAM_STATUS',
    origin: 'provider',
    more: { detail: 'The provider answered with status 503' },
  },
  'answers 404 as a provider': {
    upstream: (socket) => socket.write(httpAnswer(404, responder, 'no JSON')),
    status: 404,
    code: 'UPSTREAM_STATUS',
    origin: 'provider',
  },
  'is refused by the proxy of the other side': {
    upstream: (socket) => socket.write(httpAnswer(403, {})),
    status: 403,
    code: 'UPSTREAM_STATUS',
    origin: 'mesh',
    more: { proxy: 'inbound', detail: 'A proxy answered with status 403' },
  },
  'is given up by the own proxy': {
    upstream: (socket) => socket.write(httpAnswer(504, { 'l5d-proxy-error': 'no response', 'retry-after': '3' })),
    status: 504,
    code: 'UPSTREAM_STATUS',
    origin: 'mesh',
    more: { proxy: 'outbound', proxyError: 'no response' },
  },
}

/** The labels of the calls that the consumer has counted. */
async function calls({ adminUrl }: InProcessService): Promise<(string | undefined)[]> {
  const { text } = await request(adminUrl).get('/metrics')
  return [...text.matchAll(/^http_client_request_duration_seconds_count\{(.*)\} 1$/gm)].map(([, labels]) => labels)
}

describe('the consumer, whose upstream', () => {
  test.each(Object.entries(CASES))(
    '%s, answers the right status, code and origin, and lives on',
    async (_name, row) => {
      let behave = row.upstream
      await using upstream = await misbehavingUpstream((socket, received) => behave(socket, received))
      // A busy machine must not reach the deadline where it is not asked for.
      const env = row.code === 'UPSTREAM_TIMEOUT' ? { UPSTREAM_TIMEOUT_MS: String(TIMEOUT_MS) } : {}
      await using consumer = await startConsumer(upstream.port, { env })
      const startedAt = performance.now()
      const answer = await request(consumer.url).get('/').set('x-request-id', 'abc')
      expect(answer.body).toMatchObject({
        type: `urn:linkerd-scenario:problem:${row.code}`,
        status: row.status,
        origin: row.origin,
        requestId: 'abc',
        hops: [{ service: 'consumer', status: row.status }],
        ...row.more,
      })
      expect(answer.status).toBe(row.status)
      expect(answer.headers['x-responder']).toMatch(/^consumer\//)
      if (row.code === 'UPSTREAM_TIMEOUT') expect(performance.now() - startedAt).toBeGreaterThanOrEqual(TIMEOUT_MS)
      else expect(performance.now() - startedAt).toBeLessThan(5000)
      expect(upstream.accepted(), 'one call, no retry').toBe(1)

      expect(await calls(consumer)).toEqual([
        expect.stringContaining(`error_type="${row.code}",origin="${row.origin}"`),
      ])
      expect(consumer.lines.at(-1)).toMatchObject({
        'error.type': row.code,
        'http.response.status_code': row.status,
        origin: row.origin,
        request_id: 'abc',
      })

      behave = (socket) => socket.write(providerAnswer())
      await request(consumer.url).get('/').expect(200)
    },
  )

  test('sends Retry-After has it passed on', async () => {
    await using upstream = await misbehavingUpstream((socket) =>
      socket.write(httpAnswer(429, { ...responder, 'retry-after': '7' })),
    )
    await using consumer = await startConsumer(upstream.port)
    const answer = await request(consumer.url).get('/').expect(429)
    expect(answer.headers['retry-after']).toBe('7')
  })

  test.each([
    'HTTP/1.1 103 Early Hints\r\nlink: </x>\r\nx-responder: other/v1/pod\r\n\r\n',
    'HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 Early Hints\r\n\r\n',
  ])('sends %j first, waits for the answer that counts', async (first) => {
    await using upstream = await misbehavingUpstream((socket) => socket.write(first + providerAnswer('late')))
    await using consumer = await startConsumer(upstream.port)
    const answer = await request(consumer.url).get('/').expect(200)
    expect(answer.body).toMatchObject({ message: 'late' })
  })

  test.each([
    ['is down', '127.0.0.1', 'Nothing listens'],
    ['has no name that resolves', 'no-such-host.invalid', "The provider's name"],
    ['is out of reach', '255.255.255.255', 'No route leads'],
  ])('%s, answers 502 at once', async (_name, host, detail) => {
    await using gone = await misbehavingUpstream(() => {})
    const { port } = gone
    await gone.close()
    await using consumer = await startConsumer(port, { env: { PROVIDER_HOST: host } })
    const startedAt = performance.now()
    const answer = await request(consumer.url).get('/')
    expect(answer.body).toMatchObject({
      type: 'urn:linkerd-scenario:problem:UPSTREAM_UNREACHABLE',
      status: 502,
      origin: 'network',
      detail: expect.stringContaining(detail) as string,
    })
    expect(performance.now() - startedAt).toBeLessThan(5000)
  })
})
