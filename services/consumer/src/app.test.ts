import type { Message } from '@linkerd-scenario/contract'
import { httpContract, problemOf } from '@linkerd-scenario/test-kit/http-contract'
import { type InProcessService, startConsumer, startProvider } from '@linkerd-scenario/test-kit/in-process'
import request from 'supertest'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

let provider: InProcessService
let consumer: InProcessService

beforeAll(async () => {
  provider = await startProvider()
  consumer = await startConsumer(provider.port, { env: { PROPAGATE_HEADERS: 'X-Tenant, x-other' } })
})
afterAll(async () => {
  await consumer.close()
  await provider.close()
})

describe('the consumer before a provider', () => {
  httpContract(() => consumer)

  test('puts its own hop before that of the provider', async () => {
    const answer = await request(consumer.url).get('/?in=x').expect(200)
    const { hops } = answer.body as Message
    expect(hops.map(({ service, attempt, status, caller }) => ({ service, attempt, status, caller }))).toEqual([
      { service: 'consumer', attempt: 1, status: 200, caller: null },
      { service: 'provider', attempt: 1, status: 200, caller: null },
    ])
    expect(hops[0]?.durationMs).toBeGreaterThanOrEqual(hops[1]?.durationMs ?? Number.POSITIVE_INFINITY)
  })

  test('sends the provider the request id that it answers with', async () => {
    await request(consumer.url).get('/').set('x-request-id', 'chain')
    const again = await request(consumer.url).get('/').set('x-request-id', 'chain')
    expect((again.body as Message).hops.map(({ attempt }) => attempt)).toEqual([2, 2])
    const made = await request(consumer.url).get('/?headers=true').set('x-request-id', 'not sane')
    expect((made.body as Message).hops[1]?.headers).toContainEqual(['x-request-id', made.headers['x-request-id']])
  })

  test('propagates the headers of the fixed list and of PROPAGATE_HEADERS, and no others', async () => {
    const passed = {
      traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
      tracestate: 'a=1,b=2',
      baggage: 'k=v;p=1',
      b3: '0',
      'x-b3-traceid': '4bf92f3577b34da6',
      'x-b3-spanid': 'a2fb4a1d1a96d312',
      'x-fault': 'status;code=503',
      'x-route': 'v2',
      'x-tenant': 'blue',
      'x-other': 'ü',
    }
    const kept = {
      authorization: 'Bearer secret',
      cookie: 'a=b',
      'l5d-client-id': 'forged',
      'x-forwarded-for': '10.0.0.1',
      'user-agent': 'test',
      te: 'trailers',
    }
    const answer = await request(consumer.url)
      .get('/?headers=true')
      .set({ ...passed, ...kept })
    const names = (hop: number) =>
      (answer.body as Message).hops[hop]?.headers?.map(([name]) => name.toLowerCase()) ?? []
    const values = Object.fromEntries((answer.body as Message).hops[1]?.headers ?? [])
    expect(values).toMatchObject(passed)
    expect(names(0)).toEqual(expect.arrayContaining([...Object.keys(passed), ...Object.keys(kept)]))
    const added = ['host', 'connection', 'accept', 'x-request-id']
    expect(
      names(1)
        .filter((name) => !(name in passed))
        .toSorted(),
    ).toEqual(added.toSorted())
  })

  test('propagates a header that came in two lines as one list', async () => {
    const answer = await fetch(`${consumer.url}/?headers=true`, {
      headers: new Headers([
        ['baggage', 'a=1'],
        ['baggage', 'b=2'],
      ]),
    })
    const { hops } = (await answer.json()) as Message
    expect(hops[1]?.headers).toContainEqual(['baggage', 'a=1, b=2'])
  })

  test('passes a 4xx of the provider on, with both hops and its origin', async () => {
    // Each of these bytes takes three in the encoded query that goes on, which is more than the provider takes.
    const answer = await request(consumer.url).get(`/?in=${'/'.repeat(8000)}`)
    const problem = problemOf(answer, 431, 'UPSTREAM_STATUS')
    expect(problem).toMatchObject({ origin: 'provider', hops: [{ service: 'consumer', status: 431 }] })
  })
})
