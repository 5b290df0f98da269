import { KeepAliveClient } from '@linkerd-scenario/test-kit/http-client'
import { spawnSlowProvider } from '@linkerd-scenario/test-kit/service-process'
import { until } from '@linkerd-scenario/test-kit/until'
import { expect, test } from 'vitest'

test('an overloaded event loop sheds with 503 and Retry-After, while probes are answered, and recovers', async () => {
  await using provider = await spawnSlowProvider()
  await using client = new KeepAliveClient()
  await client.get(`${provider.adminUrl}/block?ms=3000`)
  const shed = await until(
    () => client.get(provider.url),
    ({ status }) => status === 503,
  )
  expect(shed.headers['retry-after']).toBe('1')
  expect(JSON.parse(shed.body)).toMatchObject({
    type: 'urn:linkerd-scenario:problem:OVERLOADED',
    status: 503,
    origin: 'provider',
  })
  const probes = await Promise.all(['/livez', '/readyz'].map((path) => client.get(provider.adminUrl + path)))
  expect(probes.map(({ status }) => status)).toEqual([200, 200])
  expect((await client.get(`${provider.url}/nothing`)).status).toBe(404)
  await until(
    () => client.get(provider.url),
    ({ status }) => status === 200,
  )
  const { body } = await client.get(`${provider.adminUrl}/metrics`)
  expect(body).toMatch(/^http_server_requests_shed_total\{reason="eventLoop\w+"\} [1-9]/m)
})

test('one long turn of the event loop is not an overload', async () => {
  await using provider = await spawnSlowProvider()
  await using client = new KeepAliveClient()
  await client.get(`${provider.adminUrl}/block?ms=1`)
  const answers = await Promise.all(Array.from({ length: 50 }, () => client.get(provider.url)))
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
})
