import type { Info } from '@linkerd-scenario/contract'
import request, { type Response } from 'supertest'
import { expect, test } from 'vitest'
import { problemOf } from './http-contract.ts'
import type { InProcessService } from './in-process.ts'
import { checkedAnswer } from './openapi-check.ts'
import { rawExchange } from './raw-http.ts'

type Service = () => InProcessService

/** The contract of the admin port of both services. */
export function adminContract(service: Service): void {
  answersProbesAndPeople(service)
  hasMetrics(service)
  boundsItsMetrics(service)
  refusesForeignPages(service)
  describesItself(service)
}

/** Probes and info. */
function answersProbesAndPeople(service: Service): void {
  const admin = () => request(service().adminUrl)

  test('is alive and ready', async () => {
    expect((await admin().get('/livez').expect(200)).body).toEqual({ status: 'ok' })
    expect((await admin().get('/readyz').expect(200)).body).toEqual({ status: 'ok' })
    await admin().head('/livez').expect(200)
  })

  test('logs no line of probes and scrapes', async () => {
    await admin().get('/livez')
    await admin().get('/readyz')
    await admin().get('/metrics')
    await admin().get('/info')
    const paths = service().lines.map((line) => line['url.path'])
    expect(paths).toContain('/info')
    for (const path of ['/livez', '/readyz', '/metrics']) expect(paths).not.toContain(path)
  })

  test('/info has the identity and the configuration of the process', async () => {
    const { identity, settings } = service().runtime
    const info = (await admin().get('/info').expect(200)).body as Info
    expect(info).toMatchObject({ service: identity.service, version: 'v1', pod: identity.pod, node: process.version })
    expect(info.mesh).toEqual({ meshed: false, since: null })
    expect(info.config).toEqual(settings)
    expect(Date.parse(info.startedAt)).toBeLessThanOrEqual(Date.now())
  })

  test('its answers have x-responder and the request id, its errors are problems', async () => {
    const info = await admin().get('/livez').set('x-request-id', 'probe')
    expect(info.headers).toMatchObject({ 'x-request-id': 'probe', 'x-responder': expect.any(String) as string })
    problemOf(await admin().get('/nothing'), 404, 'NOT_FOUND')
    const wrong = await admin().post('/readyz')
    problemOf(wrong, 405, 'METHOD_NOT_ALLOWED')
    expect(wrong.headers['allow']).toBe('GET, HEAD')
  })
}

/** What a scrape shows. */
function hasMetrics(service: Service): void {
  const admin = () => request(service().adminUrl)

  test('has metrics for Prometheus under the semantic names', async () => {
    await request(service().url).get('/?in=x').expect(200)
    const answer = await admin().get('/metrics').expect(200)
    expect(answer.headers['content-type']).toMatch(/^text\/plain; version=0\.0\.4/)
    const count = /^http_server_request_duration_seconds_count\{(.*)\} (\d+)$/m.exec(answer.text)
    expect(count?.[1]).toBe(
      'http_request_method="GET",http_route="/",http_response_status_code="200",error_type="",origin=""',
    )
    expect(answer.text).toMatch(/^http_server_active_requests 0$/m)
    expect(answer.text).toMatch(/^build_info\{service="\w+",version="v1",node="v[\d.]+"\} 1$/m)
    expect(answer.text).toContain('nodejs_eventloop_lag_p99_seconds')
    expect(answer.text).toContain('process_resident_memory_bytes')
  })
}

/** What a scrape does not show. */
function boundsItsMetrics(service: Service): void {
  const admin = () => request(service().adminUrl)

  test('bounds the labels of its metrics, whatever callers send', async () => {
    const series = async () => (await admin().get('/metrics')).text.match(/^http_.*$/gm)?.length
    const send = async (i: number) => {
      await request(service().url).get(`/path-${i}?q=${i}`)
      await request(service().url).get(`/?headers=${i}`).set('x-request-id', `id-${i}`)
      await rawExchange(service().port, `PROPFIND /p-${i} HTTP/1.1\r\nHost: h${i}\r\nConnection: close\r\n\r\n`)
      await rawExchange(service().port, `NOVERB${i} / HTTP/1.1\r\nHost: x\r\n\r\n`)
    }
    await send(2)
    const before = await series()
    for (let i = 3; i < 12; i += 1) await send(i)
    expect(await series()).toBe(before)
    expect((await admin().get('/metrics')).text).not.toContain('path-')
  })

  test('does not count its own requests among those of the service', async () => {
    const total = async () => {
      const { text } = await admin().get('/metrics')
      const counts = [...text.matchAll(/^http_server_request_duration_seconds_count\{.*\} (\d+)$/gm)]
      return counts.reduce((sum, [, count]) => sum + Number(count), 0)
    }
    const before = await total()
    await admin().get('/info')
    await admin().get('/nothing')
    expect(await total()).toBe(before)
  })
}

/** It answers only under its own host names, and refuses foreign web pages. */
function refusesForeignPages(service: Service): void {
  const admin = () => request(service().adminUrl)

  test.each([
    ['a foreign name', { host: 'evil.example' }],
    ['a foreign name with the port', { host: 'evil.example:6001' }],
    ['a name that begins like an own one', { host: 'localhost.evil.example' }],
    ['no name', { host: '' }],
    ['another site, says the browser', { 'sec-fetch-site': 'cross-site' }],
    ['a sibling site, says the browser', { 'sec-fetch-site': 'same-site' }],
    ['the page of another origin', { origin: 'https://evil.example' }],
    ['a page without an origin', { origin: 'null' }],
    ['another port of this machine', { origin: 'http://localhost:1' }],
  ])('refuses %s', async (_name, headers: Record<string, string>) => {
    for (const path of ['/livez', '/info', '/nothing']) {
      problemOf(await admin().get(path).set(headers), 403, 'FOREIGN_REQUEST')
    }
  })

  test.each([
    ['localhost', { host: 'localhost:6001' }],
    ['the address of the pod', { host: '10.1.2.3:5001' }],
    ['an IPv6 address', { host: '[fd00::1]:5001' }],
    ['its own page', { host: 'localhost:6001', origin: 'http://localhost:6001', 'sec-fetch-site': 'same-origin' }],
    ['an address typed into a browser', { host: 'LOCALHOST', 'sec-fetch-site': 'none' }],
  ])('answers under %s', async (_name, headers: Record<string, string>) => {
    await admin().get('/livez').set(headers).expect(200)
  })

  test('answers under the name of its pod', async () => {
    await admin().get('/livez').set('host', `${service().runtime.identity.pod}:5001`).expect(200)
  })
}

/** The OpenAPI document of both ports. */
function describesItself(service: Service): void {
  const admin = () => request(service().adminUrl)

  test('describes itself in OpenAPI, and its real answers match the description', async () => {
    const document = (await admin().get('/openapi.json').expect(200)).body as object
    const api = request(service().url)
    const answers: [string, string, Response][] = [
      ['/', 'get', await api.get('/?in=x&headers=true')],
      ['/', 'get', await api.get('/').set('accept', 'text/plain')],
      ['/', 'get', await api.get('/?headers=maybe')],
      ['/', 'post', await api.post('/').send({ in: 'x' })],
      ['/', 'post', await api.post('/').send({ in: 5 })],
      ['/', 'post', await api.post('/').type('xml').send('<x/>')],
      ['/livez', 'get', await admin().get('/livez')],
      ['/readyz', 'get', await admin().get('/readyz')],
      ['/info', 'get', await admin().get('/info')],
      ['/info', 'get', await admin().get('/info').set('origin', 'null')],
    ]
    for (const [path, method, answer] of answers) checkedAnswer(document, path, method, answer)
    // A list instead of a schema is a tuple of an older draft, which OpenAPI 3.1 does not allow.
    expect(JSON.stringify(document)).not.toContain('"items":[')
    expect(document).toMatchObject({ openapi: '3.1.0', info: { title: service().runtime.identity.service } })
  })
}
