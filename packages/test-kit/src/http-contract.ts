import type { Message, Problem } from '@linkerd-scenario/contract'
import request, { type Response } from 'supertest'
import { expect, test } from 'vitest'
import type { InProcessService } from './in-process.ts'
import { rawExchange } from './raw-http.ts'
import { textContract } from './text-contract.ts'

/** Checks that an answer is a problem, and returns it. */
export function problemOf(answer: Response, status: number, code: string): Problem {
  expect({ status: answer.status, body: answer.body as unknown }).toMatchObject({
    status,
    body: { type: `urn:linkerd-scenario:problem:${code}`, status, requestId: answer.headers['x-request-id'] as string },
  })
  expect(answer.type).toBe('application/problem+json')
  expect(answer.headers['x-responder']).toBeDefined()
  return answer.body as Problem
}

type Service = () => InProcessService

/** The contract of `/` in both services. */
export function httpContract(service: Service): void {
  textContract(service)
  answersEveryForm(service)
  marksEveryAnswer(service)
  refusesUnknownTargets(service)
  refusesWrongBodies(service)
  refusesEncodedAndLargeBodies(service)
}

/** All forms of targets, methods and Accept headers are answered. */
function answersEveryForm(service: Service): void {
  const api = () => request(service().url)

  test('refuses a target in raw UTF-8, and says that it must be encoded', async () => {
    const [answer] = await rawExchange(service().port, 'GET /?in=höllo HTTP/1.1\r\nHost: x\r\n\r\n')
    expect(answer).toMatchObject({ status: 400, body: expect.stringContaining('percent-encoded') as string })
  })

  test('takes a target in absolute form', async () => {
    const [answer] = await rawExchange(
      service().port,
      'GET http://x.test/?in=a HTTP/1.1\r\nHost: x.test\r\nConnection: close\r\n\r\n',
    )
    expect(answer).toMatchObject({ status: 200 })
  })

  test.each([
    ['text/plain', 'text/plain'],
    ['Text/Plain', 'text/plain'],
    ['text/*;q=0.9, application/json;q=0.1', 'text/plain'],
    ['application/json, text/plain;q=0.9', 'application/json'],
    ['text/html', 'application/json'],
    ['*/*', 'application/json'],
  ])('answers Accept: %s with %s', async (accept, type) => {
    const answer = await api().get('/?in=ä').set('accept', accept).expect(200)
    expect(answer.type).toBe(type)
    if (type === 'text/plain') expect(answer.text).toBe("I'm version: v1: ä")
  })

  test('answers HEAD as GET without the body', async () => {
    const answer = await api().head('/?in=x').expect(200)
    expect(Number(answer.headers['content-length'])).toBeGreaterThan(50)
    expect(answer.text ?? '').toBe('')
  })
}

/** x-responder, x-request-id and the caller. */
function marksEveryAnswer(service: Service): void {
  const api = () => request(service().url)

  test("each answer has x-responder and the request id: the caller's if it is valid, else a new one", async () => {
    const taken = await api().get('/').set('x-request-id', 'abc-123')
    expect(taken.headers['x-request-id']).toBe('abc-123')
    expect(taken.headers['x-responder']).toMatch(new RegExp(`^${service().runtime.identity.service}/v1/[^/]+$`))
    const made = await api().get('/').set('x-request-id', 'not sane')
    expect(made.headers['x-request-id']).toMatch(/^[\da-f-]{36}$/)
  })

  test('shows the request headers in their order with headers=true, credentials masked', async () => {
    const answer = await api()
      .get('/?headers=true')
      .set('Authorization', 'Bearer secret')
      .set('Cookie', 'a=secret')
      .set('Proxy-Authorization', 'Basic secret')
      .set('X-Shown', 'yes')
    const [own] = (answer.body as Message).hops
    expect(own?.headers).toContainEqual(['X-Shown', 'yes'])
    expect(own?.headers).toContainEqual(['Authorization', '***'])
    expect(own?.headers).toContainEqual(['Cookie', '***'])
    expect(answer.text).not.toContain('secret')
    expect((await api().get('/')).text).not.toContain('"headers"')
  })

  test('shows the headers in a problem too', async () => {
    const { hops } = problemOf(await api().get('/nothing?headers=true').set('X-Shown', 'yes'), 404, 'NOT_FOUND')
    expect(hops?.[0]?.headers).toContainEqual(['X-Shown', 'yes'])
  })
}

/** Paths, methods and parameters that do not exist. */
function refusesUnknownTargets(service: Service): void {
  const api = () => request(service().url)

  test('refuses unknown paths, and methods that a path does not take', async () => {
    const notFound = problemOf(await api().get('/nothing?in=x'), 404, 'NOT_FOUND')
    expect(notFound).toMatchObject({ origin: service().runtime.identity.service, hops: [{ status: 404 }] })
    for (const method of ['put', 'delete', 'patch', 'options'] as const) {
      const answer = await api()[method]('/')
      problemOf(answer, 405, 'METHOD_NOT_ALLOWED')
      expect(answer.headers['allow']).toBe('GET, HEAD, POST')
    }
    problemOf(await api().get('/%zz'), 400, 'BAD_REQUEST')
    problemOf(await api().get('/%00'), 404, 'NOT_FOUND')
  })

  test('refuses a parameter that is given twice or is not a boolean', async () => {
    expect(problemOf(await api().get('/?in=a&in=b'), 400, 'INVALID_INPUT').detail).toContain('querystring/in')
    expect(problemOf(await api().get('/?headers=maybe'), 400, 'INVALID_INPUT').detail).toContain('querystring/headers')
  })
}

/** Bodies that do not match their type, or of an unsupported type. */
function refusesWrongBodies(service: Service): void {
  const api = () => request(service().url)

  test.each([
    ['broken JSON', 'application/json', '{"in":'],
    ['empty JSON', 'application/json', ''],
    ['JSON null', 'application/json', 'null'],
    ['a JSON list', 'application/json', '["x"]'],
    ['a number in JSON', 'application/json; charset=utf-8', '{"in":5}'],
    ['a number in JSON, its type in capitals', 'Application/JSON', '{"in":5}'],
    ['a null in JSON', 'application/json', '{"in":null}'],
    ['a prototype in JSON', 'application/json', '{"in":"x","__proto__":{"a":1}}'],
    ['a constructor in JSON', 'application/json', '{"constructor":{"prototype":{"a":1}}}'],
    ['invalid UTF-8 in JSON', 'application/json', Buffer.from('{"in":"\xff"}', 'latin1')],
    ['invalid UTF-8 in text', 'text/plain', Buffer.from('\xc3\x28', 'latin1')],
  ])('refuses %s', async (_name, type, body) => {
    const sent = api().post('/').set('content-type', type)
    sent.serialize((text) => text as string)
    problemOf(await sent.send(body), 400, 'INVALID_INPUT')
  })

  test.each([
    ['application/xml'],
    ['application/x-www-form-urlencoded'],
    ['application/vnd.api+json'],
    ['multipart/form-data; boundary=x'],
    ['text/plain; charset=utf-16'],
    ['application/json; charset="latin1"'],
    ['nonsense'],
  ])('refuses a body of type %s', async (type) => {
    problemOf(await api().post('/').set('content-type', type).send('x'), 415, 'UNSUPPORTED_MEDIA_TYPE')
  })

  test('refuses a body without a type', async () => {
    const head = 'POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 1\r\n\r\nx'
    const [answer] = await rawExchange(service().port, head)
    expect(answer).toMatchObject({ status: 415, body: expect.stringContaining('UNSUPPORTED_MEDIA_TYPE') as string })
  })
}

/** Bodies that are encoded or too large. */
function refusesEncodedAndLargeBodies(service: Service): void {
  const api = () => request(service().url)

  test.each(['gzip', 'br', 'deflate', 'zstd', 'x', 'gzip, identity'])('refuses a body in %s', async (encoding) => {
    const answer = await api().post('/').type('json').set('content-encoding', encoding).send('{"in":"x"}')
    problemOf(answer, 415, 'UNSUPPORTED_ENCODING')
    expect(answer.headers['accept-encoding']).toBe('identity')
  })

  test('takes a body that says it is not encoded', async () => {
    await api().post('/').set('content-encoding', 'identity').send({ in: 'x' }).expect(200)
  })

  test('refuses a body of 2 MiB, announced or chunked', async () => {
    const body = 'x'.repeat(2 * 1024 * 1024)
    problemOf(await api().post('/').type('text').send(body), 413, 'BODY_TOO_LARGE')
    const chunked = fetch(`${service().url}/`, {
      method: 'POST',
      headers: { 'content-type': 'text/plain' },
      body: new Blob([body]).stream(),
      duplex: 'half',
    })
    expect((await chunked).status).toBe(413)
  })
}
