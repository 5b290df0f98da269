import { KeepAliveClient } from '@linkerd-scenario/test-kit/http-client'
import { spawnConsumer, spawnProvider } from '@linkerd-scenario/test-kit/service-process'
import { expect, test } from 'vitest'

test('a killed provider is 502 of the network at once, and one that is back answers the next call', async () => {
  await using provider = await spawnProvider()
  await using consumer = await spawnConsumer(provider.port)
  await using client = new KeepAliveClient()
  expect((await client.get(consumer.url)).status).toBe(200)

  provider.signal('SIGKILL')
  expect((await provider.ended).signal).toBe('SIGKILL')
  for (let i = 0; i < 3; i += 1) {
    const startedAt = performance.now()
    const { status, body } = await client.get(consumer.url)
    expect({ status, problem: JSON.parse(body) as unknown }).toMatchObject({
      status: 502,
      problem: { origin: 'network', type: expect.stringMatching(/UPSTREAM_(UNREACHABLE|BROKEN)$/) as string },
    })
    expect(performance.now() - startedAt).toBeLessThan(4000)
    expect((await client.get(`${consumer.adminUrl}/readyz`)).status).toBe(200)
  }

  await using back = await spawnProvider({ PROVIDER_PORT: String(provider.port), VERSION: 'v2', ADMIN_PORT: '0' })
  expect(back.port).toBe(provider.port)
  const answer = await client.get(`${consumer.url}/?in=again`)
  expect(answer.status).toBe(200)
  expect(answer.body).toContain("I'm version: v2: again")
})
