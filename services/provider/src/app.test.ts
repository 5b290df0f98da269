import type { Message } from '@linkerd-scenario/contract'
import { httpContract } from '@linkerd-scenario/test-kit/http-contract'
import { type InProcessService, startProvider } from '@linkerd-scenario/test-kit/in-process'
import request from 'supertest'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

let provider: InProcessService

beforeAll(async () => {
  provider = await startProvider()
})
afterAll(() => provider.close())

describe('the provider', () => {
  httpContract(() => provider)

  test('describes itself in one hop', async () => {
    const answer = await request(provider.url).get('/').expect(200)
    const { hops } = answer.body as Message
    expect(hops).toEqual([
      {
        service: 'provider',
        version: 'v1',
        pod: provider.runtime.identity.pod,
        caller: null,
        attempt: 1,
        status: 200,
        durationMs: expect.any(Number) as number,
      },
    ])
  })

  test('names its caller as the mesh does', async () => {
    const caller = 'consumer.default.serviceaccount.identity.linkerd.cluster.local'
    const answer = await request(provider.url).get('/').set('l5d-client-id', caller)
    expect((answer.body as Message).hops[0]?.caller).toBe(caller)
  })

  test('counts the attempts of a request id', async () => {
    const attempts: (number | undefined)[] = []
    for (const id of ['one', 'one', 'two', 'one', 'not sane', 'not sane']) {
      const answer = await request(provider.url).get('/').set('x-request-id', id)
      attempts.push((answer.body as Message).hops[0]?.attempt)
    }
    expect(attempts).toEqual([1, 2, 1, 3, 1, 1])
  })

  test('shows the version that it was given', async () => {
    await using other = await startProvider({ env: { VERSION: 'v2-beta.1' } })
    const answer = await request(other.url).get('/?in=x')
    expect((answer.body as Message).message).toBe("I'm version: v2-beta.1: x")
    expect(answer.headers['x-responder']).toMatch(/^provider\/v2-beta\.1\//)
  })
})
