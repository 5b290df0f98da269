import type { Message } from '@linkerd-scenario/contract'
import { type RawAnswer, rawExchange } from '@linkerd-scenario/test-kit/raw-http'
import { until } from '@linkerd-scenario/test-kit/until'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { bothServices, TARGETS, type Target } from './both-services.ts'
import { insanity } from './sane-answer.ts'

const stack = new AsyncDisposableStack()
let targets: Record<string, Target>

beforeAll(async () => {
  targets = await bothServices(stack, { env: { FAULT_INJECTION: 'enabled' } })
})

afterAll(() => stack.disposeAsync())

const CLOSE = 'Host: localhost\r\nConnection: close\r\n'
const get = (target: string, headers = '') => `GET ${target} HTTP/1.1\r\n${CLOSE}${headers}\r\n`
const post = (type: string, body: string) =>
  `POST / HTTP/1.1\r\n${CLOSE}Content-Type: ${type}\r\nContent-Length: ${Buffer.byteLength(body, 'latin1')}\r\n\r\n${body}`
const json = 'application/json'

/** Each request is well framed: the answer is 200 or a refusal, and the services survive. */
const CONTENT: Record<string, string> = {
  'CR LF in the text': get('/?in=a%0d%0aX-Injected:%201%0d%0a%0d%0aHTTP/1.1%20200%20OK'),
  'a log line in the text': get('/?in=%22}%0a{%22level%22:%22fatal%22}'),
  'CR LF in the path': get('/%0d%0aX-Injected:%201'),
  'a log line in the path': get('/%0a{"level":"fatal"}'.replaceAll('"', '%22')),
  'a request id that ends its header': get('/', 'X-Request-Id: a%0d%0aX-Injected: 1\r\n'),
  'a request id that ends its log line': get('/', 'X-Request-Id: a","level":"fatal\r\n'),
  'a request id of 4 kB': get('/', `X-Request-Id: ${'x'.repeat(4096)}\r\n`),
  'two request ids': get('/', 'X-Request-Id: a\r\nX-Request-Id: b\r\n'),
  'a route with bytes above ASCII': get('/', 'X-Route: \xff\xfe\r\n'),
  'a route of 8 kB': get('/', `X-Route: ${'v2,'.repeat(2700)}\r\n`),
  'a fault that cannot be read': get('/', 'X-Fault: status;code=99999999999999999999\r\n'),
  'a fault that repeats what it was sent': get('/', 'X-Fault: <script>alert(1)</script>\r\n'),
  'faults by the hundred': get('/', `X-Fault: ${'delay;ms=1;rate=0, '.repeat(600)}delay;ms=1\r\n`),
  'a forged identity': get('/', 'L5d-Client-Id: a\tb\x80\r\nL5d-Proxy-Error: mine\r\nX-Responder: other/v9/x\r\n'),
  'a prototype in the query': get('/?__proto__[polluted]=1&constructor[prototype][polluted]=1&in=x'),
  'a prototype in JSON': post(json, '{"__proto__":{"polluted":1},"in":"x"}'),
  'a constructor in JSON': post(json, '{"constructor":{"prototype":{"polluted":1}},"in":"x"}'),
  'JSON that is 100,000 deep': post(json, '['.repeat(100_000) + ']'.repeat(100_000)),
  'an object that is 20,000 deep': post(json, `${'{"in":'.repeat(20_000)}1${'}'.repeat(20_000)}`),
  'JSON with a lone surrogate': post(json, '{"in":"\\ud800"}'),
  'JSON with 50,000 keys': post(json, `{${Array.from({ length: 50_000 }, (_, i) => `"k${i}":1`).join(',')}}`),
  'JSON behind a byte order mark': post(json, '\xef\xbb\xbf{"in":"x"}'),
  'invalid UTF-8': post('text/plain', '\xff\xfe\x00'),
  'UTF-16': post('text/plain; charset=utf-16', 'x'),
  'a charset of nonsense': post('text/plain; charset="\\', 'x'),
  'a type of nonsense': post(';;;=', 'x'),
  'compressed bytes that say so': post(`${json}\r\nContent-Encoding: gzip`, '\x1f\x8b\x08\0'),
  'compressed bytes that do not': post(json, '\x1f\x8b\x08\0'),
  'many parameters': get(`/?${'a=b&'.repeat(3000)}in=x`),
  'many headers': get('/', 'X: y\r\n'.repeat(2000)),
  'a header of 15 kB': get('/', `X-Long: ${'x'.repeat(15_000)}\r\n`),
  'an absolute target': 'GET http://elsewhere.example/?in=x HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n',
  'an absolute target of another scheme': 'GET ftp://u:p@elsewhere/ HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n',
  'a path above the root': get('/../../etc/passwd'),
  'a path of another host': get('//elsewhere.example/'),
  'a backslash': get('/\\elsewhere.example'),
  TRACE: `TRACE / HTTP/1.1\r\n${CLOSE}Cookie: secret\r\n\r\n`,
}

/** Requests for which 200 would be wrong. The admin ports have no POST /. */
const REFUSED: Record<string, number> = {
  'a prototype in JSON': 400,
  'a constructor in JSON': 400,
  'JSON that is 100,000 deep': 400,
  'an object that is 20,000 deep': 400,
  'invalid UTF-8': 400,
  'UTF-16': 415,
  'a charset of nonsense': 415,
  'a type of nonsense': 415,
  'compressed bytes that say so': 415,
  'compressed bytes that do not': 400,
}

async function exchange(target: Target, bytes: string): Promise<RawAnswer[]> {
  return (await rawExchange(target.port, Buffer.from(bytes, 'latin1'))).filter(({ status }) => status !== 100)
}

describe.each(TARGETS)('the %s', (name) => {
  test.each(Object.entries(CONTENT))('answers %s with 200 or a refusal, and logs one line', async (form, bytes) => {
    const target = targets[name] as Target
    const { lines } = target.service
    const before = lines.length
    const answers = await exchange(target, bytes)
    expect(answers).toHaveLength(1)
    expect(answers.map(insanity)).toEqual([undefined])
    expect(answers[0]?.body).not.toContain('secret')
    if (form in REFUSED && !name.startsWith('admin')) expect(answers[0]?.status).toBe(REFUSED[form])
    await until(
      () => lines.length,
      (n) => n > before,
    )
    // Each write of the logger is one line: a second line would show as two lines, or as invalid JSON.
    const own = lines.slice(before)
    expect(own).toHaveLength(1)
    expect(own[0]).toMatchObject({ level: 'info', 'service.name': target.service.runtime.identity.service })
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
  })
})

test('the consumer hands to the provider exactly the text and the headers that it was given', async () => {
  const text = 'a\r\nX-Injected: 1\r\n\r\nGET / HTTP/1.1'
  const target = targets['consumer'] as Target
  const [answer] = await exchange(target, get(`/?in=${encodeURIComponent(text)}&headers=true`, 'X-Route: v2\r\n'))
  const { message, hops } = JSON.parse(answer?.body ?? '') as Message
  expect(message).toBe(`I'm version: v1: ${text}`)
  const names = hops[1]?.headers?.map(([header]) => header.toLowerCase())
  expect(names?.toSorted()).toEqual(['accept', 'connection', 'host', 'x-request-id', 'x-route'])
})
