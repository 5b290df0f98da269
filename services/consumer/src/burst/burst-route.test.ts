import type { BurstReport } from '@linkerd-scenario/contract'
import { problemOf } from '@linkerd-scenario/test-kit/http-contract'
import { type InProcessService, startConsumer, startProvider } from '@linkerd-scenario/test-kit/in-process'
import { httpAnswer, misbehavingUpstream, providerAnswer } from '@linkerd-scenario/test-kit/misbehaving-upstream'
import { RawConnection } from '@linkerd-scenario/test-kit/raw-http'
import { until } from '@linkerd-scenario/test-kit/until'
import request from 'supertest'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

let provider: InProcessService
let consumer: InProcessService

beforeAll(async () => {
  provider = await startProvider({ env: { VERSION: 'v2' } })
  consumer = await startConsumer(provider.port)
})
afterAll(async () => {
  await consumer.close()
  await provider.close()
})

const burst = async (query: string, service = consumer) =>
  (await request(service.adminUrl).post(`/burst?${query}`).expect(200)).body as BurstReport

describe('the report of a burst', () => {
  test('adds up the calls', async () => {
    const { pod } = provider.runtime.identity
    const report = await burst('n=50&concurrency=7&in=x')
    expect(report).toMatchObject({
      total: 50,
      byStatus: { 200: 50 },
      byOrigin: {},
      byVersion: { v2: 50 },
      byPod: { [pod]: 50 },
      byCaller: { none: 50 },
      byAttempt: { 1: 50 },
    })
    const { min, mean, p50, p90, p95, p99, max } = report.latencyMs
    for (const [lower, higher] of [
      [0, min],
      [min, mean],
      [min, p50],
      [mean, max],
      [p50, p90],
      [p90, p95],
      [p95, p99],
      [p99, max],
      [max, report.durationMs],
    ]) {
      expect(lower).toBeLessThanOrEqual(higher as number)
    }
    expect(report.calls).toBeUndefined()
  })

  test('counts the failed calls by status, code and origin', async () => {
    const answers = [
      httpAnswer(503, { 'x-responder': 'provider/v1/test', 'retry-after': '1' }),
      httpAnswer(403, {}),
      httpAnswer(504, { 'l5d-proxy-error': 'logical service timeout' }),
      providerAnswer(),
    ]
    await using upstream = await misbehavingUpstream((socket) => {
      const answer = answers.shift()
      if (answer === undefined) socket.resetAndDestroy()
      else socket.write(answer)
    })
    await using other = await startConsumer(upstream.port)
    const report = await burst('n=5&concurrency=1&detail=true', other)
    expect(report).toMatchObject({
      total: 5,
      byStatus: { 200: 1, 403: 1, 503: 1, 504: 1, none: 1 },
      byOrigin: { provider: 1, mesh: 2, network: 1 },
      byVersion: { v1: 1 },
    })
    expect(
      report.calls?.map(({ status, error, origin, proxyError, retryAfter }) => [
        status,
        error,
        origin,
        proxyError,
        retryAfter,
      ]),
    ).toEqual([
      [503, 'UPSTREAM_STATUS', 'provider', undefined, '1'],
      [403, 'UPSTREAM_STATUS', 'mesh', undefined, undefined],
      [504, 'UPSTREAM_STATUS', 'mesh', 'logical service timeout', undefined],
      [200, undefined, undefined, undefined, undefined],
      [null, 'UPSTREAM_BROKEN', 'network', undefined, undefined],
    ])
  })

  test('has a record of each call with detail=true, each with its own request id', async () => {
    const { calls = [] } = await burst('n=20&concurrency=4&detail=true')
    expect(calls).toHaveLength(20)
    expect(new Set(calls.map(({ requestId }) => requestId)).size).toBe(20)
    expect(calls[0]).toMatchObject({ status: 200, version: 'v2', caller: null, attempt: 1 })
  })
})

describe('a burst', () => {
  test('sends its text and its propagated headers with each call', async () => {
    const seen: string[] = []
    await using upstream = await misbehavingUpstream((socket, received) => {
      seen.push(received)
      socket.write(providerAnswer())
    })
    await using other = await startConsumer(upstream.port)
    await request(other.adminUrl)
      .post('/burst?n=3&in=%C3%A4')
      .set({ 'x-fault': 'status;code=503', 'x-route': 'v2', authorization: 'secret', 'x-request-id': 'of-the-burst' })
      .expect(200)
    expect(seen).toHaveLength(3)
    for (const received of seen) {
      expect(received).toMatch(/^GET \/\?in=%C3%A4 HTTP/)
      expect(received).toContain('x-fault: status;code=503')
      expect(received).toContain('x-route: v2')
      expect(received).not.toMatch(/secret|of-the-burst/)
    }
  })

  test.each([
    'n=0',
    'n=10001',
    'n=1.5',
    'n=ten',
    'n=-1',
    'n=',
    'concurrency=0',
    'concurrency=257',
    'rate=0',
    'rate=-1',
    'rate=10001',
    'rate=fast',
    'detail=maybe',
    'n=1&n=2',
  ])('refuses %s with 400 and the place', async (query) => {
    const answer = await request(consumer.adminUrl).post(`/burst?${query}`)
    const { detail } = problemOf(answer, 400, 'INVALID_INPUT')
    expect(detail).toContain(`querystring/${query.split('=', 1)[0]}`)
  })

  test.each([1, 3])('of %i calls at a time goes over that many connections', async (concurrency) => {
    await using upstream = await misbehavingUpstream((socket) => socket.write(providerAnswer()))
    await using other = await startConsumer(upstream.port)
    await burst(`n=30&concurrency=${concurrency}`, other)
    expect(upstream.accepted()).toBe(concurrency)
  })

  test('keeps to its concurrency', async () => {
    const held: (() => void)[] = []
    await using upstream = await misbehavingUpstream((socket) => held.push(() => socket.write(providerAnswer())))
    await using other = await startConsumer(upstream.port)
    const report = burst('n=9&concurrency=3', other)
    for (let answered = 0; answered < 9; answered += 3) {
      await until(
        () => held.length,
        (n) => n === answered + 3,
      )
      for (const answer of held.slice(answered, answered + 3)) answer()
    }
    expect((await report).total).toBe(9)
  })

  test('keeps to its rate', async () => {
    const { calls = [], durationMs } = await burst('n=10&concurrency=5&rate=50&detail=true')
    expect(durationMs).toBeGreaterThanOrEqual(180)
    const starts = calls.map(({ startMs }) => startMs).toSorted((a, b) => a - b)
    for (const [index, start] of starts.entries()) expect(start).toBeGreaterThanOrEqual(index * 20 - 1)
  })
})

describe('a burst whose client leaves', () => {
  test('stops, and cancels its calls in flight', async () => {
    let calls = 0
    await using upstream = await misbehavingUpstream(() => {
      calls += 1
    })
    await using other = await startConsumer(upstream.port)
    const client = new RawConnection(other.adminPort)
    client.send('POST /burst?n=1000&concurrency=5 HTTP/1.1\r\nHost: localhost\r\n\r\n')
    await until(
      () => calls,
      (n) => n === 5,
    )
    client.socket.destroy()
    await until(upstream.open, (open) => open === 0)
    const line = await until(
      () => other.lines.find(({ 'url.path': path }) => path === '/burst'),
      (seen) => seen !== undefined,
    )
    expect(line).toMatchObject({ msg: 'the caller left' })
    expect(calls).toBe(5)
  })

  test('stops too while it waits for its next call', async () => {
    let calls = 0
    await using upstream = await misbehavingUpstream((socket) => {
      calls += 1
      socket.write(providerAnswer())
    })
    await using other = await startConsumer(upstream.port)
    const client = new RawConnection(other.adminPort)
    client.send('POST /burst?n=10&concurrency=2&rate=2 HTTP/1.1\r\nHost: localhost\r\n\r\n')
    await until(
      () => calls,
      (n) => n === 1,
    )
    client.socket.destroy()
    await until(
      () => other.lines.length,
      (n) => n === 1,
    )
    // The pool closes only when no call holds it: a burst that went on would fail its calls, and count them.
    await other.close()
    expect(calls).toBe(1)
  })
})
