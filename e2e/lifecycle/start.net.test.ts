import { KeepAliveClient } from '@linkerd-scenario/test-kit/http-client'
import { misbehavingUpstream } from '@linkerd-scenario/test-kit/misbehaving-upstream'
import { ServiceProcess, spawnProvider } from '@linkerd-scenario/test-kit/service-process'
import { until } from '@linkerd-scenario/test-kit/until'
import { expect, test } from 'vitest'

const PROVIDER = 'services/provider/src/server.ts'
const CONSUMER = 'services/consumer/src/server.ts'

test('with READY_DELAY_MS=2000 readiness is 503 and then 200, while liveness and the service are up throughout', async () => {
  await using provider = await spawnProvider({ READY_DELAY_MS: '2000' })
  await using client = new KeepAliveClient()
  const startedAt = performance.now()
  const first = await client.get(`${provider.adminUrl}/readyz`)
  expect({ status: first.status, body: JSON.parse(first.body) as unknown }).toEqual({
    status: 503,
    body: { status: 'starting' },
  })
  await until(
    async () => {
      expect((await client.get(`${provider.adminUrl}/livez`)).status).toBe(200)
      expect((await client.get(`${provider.url}/`)).status).toBe(200)
      return (await client.get(`${provider.adminUrl}/readyz`)).status
    },
    (status) => status === 200,
    { everyMs: 50 },
  )
  // From the listening log line, written a moment before, to the first 200.
  expect(performance.now() - startedAt).toBeGreaterThan(1500)
})

test('logs two lines at the start: listening with its ports, and ready', async () => {
  await using provider = await spawnProvider()
  await until(
    () => provider.logged('ready').length,
    (n) => n === 1,
  )
  expect(provider.lines.map(({ msg }) => msg)).toEqual(['listening', 'ready'])
  expect(provider.lines[0]).toMatchObject({
    level: 'info',
    'service.name': 'provider',
    'service.version': 'v1',
    meshed: false,
    config: { VERSION: 'v1' },
  })
  expect(provider.stderr).toBe('')
})

test('says which port is taken and what to do, with status 1', async () => {
  await using holder = await misbehavingUpstream(() => {})
  for (const [variable, other] of [
    ['PROVIDER_PORT', 'ADMIN_PORT'],
    ['ADMIN_PORT', 'PROVIDER_PORT'],
  ] as const) {
    const orPort = variable === 'ADMIN_PORT' ? ', or give the service another: its admin port is the next' : ''
    const env = { HOST: '127.0.0.1', [variable]: String(holder.port), [other]: '0' }
    await using provider = new ServiceProcess(PROVIDER, env)
    expect(await provider.ended).toEqual({ code: 1, signal: null })
    const [{ msg } = {}] = provider.lines.filter(({ level }) => level === 'fatal')
    expect(msg).toBe(
      `Port ${holder.port} is taken on 127.0.0.1: end the program that holds it, or set ${variable} to another port${orPort}.`,
    )
  }
})

test('says that a host is not an address of this machine', async () => {
  await using provider = new ServiceProcess(PROVIDER, { HOST: '192.0.2.1', PROVIDER_PORT: '0' })
  expect(await provider.ended).toEqual({ code: 1, signal: null })
  expect(provider.stdout).toContain('192.0.2.1 is not an address of this machine')
})

test('reports every problem of its configuration at once, with status 78', async () => {
  await using consumer = new ServiceProcess(CONSUMER, {
    CONSUMER_PORT: 'http',
    PROVIDER_HOST: 'a b',
    LOG_LEVEL: 'loud',
    UPSTREAM_TIMEOUT_MS: '0',
    PROPAGATE_HEADERS: 'x-tenant, Authorization',
  })
  expect(await consumer.ended).toEqual({ code: 78, signal: null })
  expect(consumer.stdout).toBe('')
  expect(consumer.stderr).toContain('consumer cannot start. The configuration has 5 problems:')
  for (const told of [
    'CONSUMER_PORT is "http": a whole number from 0 to 65535',
    'PROVIDER_HOST is "a b": ',
    'LOG_LEVEL is "loud": one of fatal,',
    'UPSTREAM_TIMEOUT_MS is "0": a whole number from 1 to',
    'PROPAGATE_HEADERS is "x-tenant, Authorization": Authorization is never propagated',
  ]) {
    expect(consumer.stderr).toContain(told)
  }
})

test.each([
  [{ PROVIDER_PORT: '65535' }, 'ADMIN_PORT'],
  [{ PROVIDER_PORT: '5000', ADMIN_PORT: '5000' }, 'ADMIN_PORT'],
])('refuses ports that leave none to the admin server: %j', async (env, variable) => {
  await using provider = new ServiceProcess(PROVIDER, { HOST: '127.0.0.1', ...env })
  expect(await provider.ended).toEqual({ code: 78, signal: null })
  expect(provider.stderr).toContain(variable)
})

test('prints every variable, its default and its meaning with --help', async () => {
  await using consumer = new ServiceProcess(CONSUMER, { LOG_LEVEL: 'loud' }, ['--help'])
  expect(await consumer.ended).toEqual({ code: 0, signal: null })
  expect(consumer.stdout).toMatch(/CONSUMER_PORT +6000 +Port of the service/)
  expect(consumer.stdout).toMatch(/LOG_LEVEL +info +.*one of fatal, error/)
  expect(consumer.stdout).toContain('SHUTDOWN_TIMEOUT_MS')
})

test.each([0, 25, 100])('ends cleanly on a SIGTERM %i ms after its start has begun', async (afterMs) => {
  await using provider = new ServiceProcess('e2e/fixtures/signalled-provider.ts', {
    PROVIDER_PORT: '0',
    HOST: '127.0.0.1',
    SIGNAL_AFTER_MS: String(afterMs),
  })
  expect(await provider.ended).toEqual({ code: 0, signal: null })
  expect(provider.stderr).toBe('')
  expect(provider.lines.filter(({ level }) => level === 'fatal' || level === 'error')).toEqual([])
  expect(provider.lines.at(-1)?.['msg']).toBe('stopped, nothing was lost')
})
