import { startConsumer } from '@linkerd-scenario/test-kit/in-process'
import { misbehavingUpstream, providerAnswer } from '@linkerd-scenario/test-kit/misbehaving-upstream'
import { rawExchange } from '@linkerd-scenario/test-kit/raw-http'
import { seeded } from '@linkerd-scenario/test-kit/seeded'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { bothServices, TARGETS, type Target } from './both-services.ts'

const stack = new AsyncDisposableStack()
let targets: Record<string, Target>

beforeAll(async () => {
  targets = await bothServices(stack)
})

afterAll(() => stack.disposeAsync())

const request = (line: string, headers: readonly string[], body = '') =>
  `${[line, ...headers, `Content-Length: ${body.length}`, 'Connection: close'].join('\r\n')}\r\n\r\n${body}`
const ADMIN_PATHS = [
  'GET /info',
  'GET /metrics',
  'GET /faults',
  'GET /openapi.json',
  'PUT /faults',
  'DELETE /faults',
  'PUT /ready',
  'POST /burst?n=1',
  'GET /livez',
  'OPTIONS /faults',
]

/** Headers that a browser sends for a page of another origin, whatever the page does. */
const FOREIGN: Record<string, string[]> = {
  'a page of another site': ['Host: localhost', 'Origin: https://evil.example', 'Sec-Fetch-Site: cross-site'],
  'a preflight of another site': [
    'Host: localhost',
    'Origin: https://evil.example',
    'Access-Control-Request-Method: PUT',
  ],
  'a sandboxed page': ['Host: localhost', 'Origin: null'],
  'an image of another site': ['Host: localhost', 'Sec-Fetch-Site: cross-site', 'Sec-Fetch-Mode: no-cors'],
  'a page of a neighbour port': ['Host: localhost:6001', 'Origin: http://localhost:3000', 'Sec-Fetch-Site: same-site'],
  'a name that was rebound to this address': ['Host: rebound.evil.example:6001'],
  'a rebound name that begins like an own one': ['Host: localhost.evil.example'],
  'a rebound name that ends like an own one': ['Host: evil-localhost'],
  'a rebound name with user and password': ['Host: localhost@evil.example'],
  'a rebound name whose page is its own': [
    'Host: evil.example',
    'Origin: http://evil.example',
    'Sec-Fetch-Site: same-origin',
  ],
  'two hosts': ['Host: localhost', 'Host: evil.example'],
}

describe.each(TARGETS.filter((name) => name.startsWith('admin')))('the %s', (name) => {
  test.each(Object.entries(FOREIGN))('gives nothing to %s', async (_what, headers) => {
    const { port, service } = targets[name] as Target
    for (const path of ADMIN_PATHS) {
      const [answer] = await rawExchange(port, request(`${path} HTTP/1.1`, headers))
      // A request with two Host headers is invalid.
      expect(
        headers.includes('Host: evil.example') && headers.length === 2 && headers[0] === 'Host: localhost' ? 400 : 403,
        path,
      ).toBe(answer?.status)
      expect(Object.keys(answer?.headers ?? {}).filter((header) => header.startsWith('access-control-'))).toEqual([])
      expect(answer?.body).not.toMatch(/"config"|http_server_|"enabled"/)
    }
    expect(service.runtime.readiness.status).toBe('ok')
  })

  test('changes nothing while faults are disabled, whoever asks', async () => {
    const { port, service } = targets[name] as Target
    const plain = ['Host: localhost', 'Content-Type: text/plain']
    const json = ['Host: localhost', 'Content-Type: application/json']
    const refused = [
      request('PUT /faults HTTP/1.1', plain, 'reset'),
      request('PUT /faults HTTP/1.1', json, '[{"kind":"reset"}]'),
      request('PUT /faults HTTP/1.1', plain, 'not a fault'),
      request('DELETE /faults HTTP/1.1', ['Host: localhost']),
      request('PUT /ready HTTP/1.1', json, '{"ready":false}'),
    ]
    for (const bytes of refused) expect((await rawExchange(port, bytes))[0]?.status).toBe(403)
    expect(service.runtime.faults.admin).toEqual([])
    expect(service.runtime.readiness.status).toBe('ok')
  })
})

/** Headers that name another host, or ask for another method or path. */
const headersNaming = (other: string) => [
  `Host: ${other}`,
  `X-Forwarded-Host: ${other}`,
  `Forwarded: host=${other}`,
  `X-Original-Url: http://${other}/`,
  `X-Rewrite-Url: /admin`,
  `L5d-Dst-Override: ${other}`,
  `X-Http-Method-Override: DELETE`,
  `X-Route: http://${other}/`,
  `X-Tenant: ${other}`,
  `Baggage: host=${other}`,
  `Referer: http://${other}/`,
]

const targetsNaming = (other: string) => [
  `http://${other}/?in=x`,
  `/?in=http://${other}/`,
  '/?in=../../admin',
  '/?in=%2F..%2Fadmin%3Fx%3D1',
  '/?in=x%26headers=true',
  '/?in=x%20HTTP/1.1%0d%0aHost:%20elsewhere',
  `/?host=${other}&port=${other.split(':')[1]}&url=http://${other}`,
  '/?in=%23fragment',
  `/?in=@${other}`,
  '/?in=%E2%80%AE%EF%BC%8F%EF%BC%8E',
  '//elsewhere/',
  `/${other}`,
]

/** Targets with text of any characters. */
function randomTargets(count: number): string[] {
  const random = seeded(5)
  const character = () => encodeURIComponent(String.fromCodePoint(Math.floor(random() * 0xd7ff)))
  return Array.from({ length: count }, () => `/?in=${Array.from({ length: 30 }, character).join('')}`)
}

test('no input makes the consumer call another host, another path or another method', async () => {
  const seen: string[] = []
  await using upstream = await misbehavingUpstream((socket, received) => {
    seen.push(received)
    socket.write(providerAnswer())
  })
  await using elsewhere = await misbehavingUpstream((socket) => socket.write(providerAnswer()))
  await using consumer = await startConsumer(upstream.port, { env: { PROPAGATE_HEADERS: 'x-tenant' } })
  const other = `127.0.0.1:${elsewhere.port}`
  const headers = headersNaming(other)
  for (const target of [...targetsNaming(other), ...randomTargets(300)]) {
    await rawExchange(consumer.port, request(`GET ${target} HTTP/1.1`, headers))
  }
  const body = JSON.stringify({ in: `http://${other}/\r\nHost: x` })
  await rawExchange(consumer.port, request('POST / HTTP/1.1', ['Host: x', 'Content-Type: application/json'], body))
  const own = headers.map((header) => (header.startsWith('Host:') ? 'Host: localhost' : header))
  for (const text of ['x', `http://${other}/`, '%0d%0aHost:%20elsewhere', '../admin']) {
    await rawExchange(consumer.adminPort, request(`POST /burst?n=2&host=${other}&in=${text} HTTP/1.1`, own))
  }

  expect(elsewhere.accepted()).toBe(0)
  // Each random text, and each call of the bursts.
  expect(seen.length).toBeGreaterThan(300 + 4 * 2)
  for (const text of seen) {
    const [line, ...lines] = text.slice(0, text.indexOf('\r\n\r\n')).split('\r\n')
    expect(line).toMatch(/^(GET \/(\?in=[^&#\s]*)?|POST \/) HTTP\/1\.1$/)
    expect(lines.filter((header) => /^host:/i.test(header))).toEqual([
      expect.stringMatching(new RegExp(`^host: 127.0.0.1:${upstream.port}$`, 'i')),
    ])
  }
})

test.each(['provider', 'consumer'])(
  'random paths, methods, headers, versions and faults make no new series of metrics of the %s',
  async (name) => {
    await using own = new AsyncDisposableStack()
    const all = await bothServices(own, { env: { FAULT_INJECTION: 'enabled' } })
    const { service } = all[name] as Target
    const random = seeded(9)
    const word = () => Math.floor(random() * 1e9).toString(36)
    const methods = ['GET', 'POST', 'PUT', 'PROPFIND', 'MKCOL', word().toUpperCase(), 'get']
    const series = async () => {
      const text = await (await fetch(`${service.adminUrl}/metrics`)).text()
      return new Set([...text.matchAll(/^(?:http|faults)_\w+\{.*\}/gm)].map(([line]) => line))
    }
    const send = async (count: number) => {
      for (let i = 0; i < count; i += 1) {
        for (const method of methods) {
          const version = random() < 0.9 ? '1.1' : `${Math.floor(random() * 9)}.9`
          const headers = [
            'Host: x',
            `X-Request-Id: ${word()}`,
            `X-${word()}: ${word()}`,
            `User-Agent: ${word()}`,
            `L5d-Client-Id: ${word()}`,
            `X-Fault: delay;ms=0;at="${word()}/${word()}", delay;ms=0;at=${name}, delay;ms=0;at="${name}/${word()}"`,
          ]
          for (const path of [`/${word()}`, `/?in=${word()}&${word()}=1`]) {
            await rawExchange(service.port, request(`${method} ${path} HTTP/${version}`, headers))
          }
        }
      }
    }
    await send(10)
    const before = await series()
    await send(30)
    expect([...(await series())].filter((line) => !before.has(line))).toEqual([])
    const named = (prefix: string) => [...before].filter((line) => line.startsWith(prefix)).length
    expect([named('http_'), named('faults_')]).toEqual([expect.any(Number), 1])
    expect(named('http_')).toBeGreaterThan(20)
    expect(named('http_')).toBeLessThan(1000)
  },
)
