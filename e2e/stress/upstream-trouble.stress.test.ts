import { setTimeout as sleep } from 'node:timers/promises'
import { KeepAliveClient } from '@linkerd-scenario/test-kit/http-client'
import { type ServiceProcess, spawnConsumer, spawnProvider } from '@linkerd-scenario/test-kit/service-process'
import { until } from '@linkerd-scenario/test-kit/until'
import { expect, test } from 'vitest'
import { resourcesOf } from './resources.ts'
import { RunningLoad } from './running-load.ts'

const CALLERS = 16
const UPSTREAM_TIMEOUT_MS = 1000
/** Long enough for the pool to notice the loss of each of its connections. */
const TROUBLE_MS = 4000
/** The promise is one second; the rest is for a busy machine. */
const RECOVERY_MS = 1000
const QUIET = { ACCESS_LOG: 'off' }

const consumerOf = (port: number) => spawnConsumer(port, { ...QUIET, UPSTREAM_TIMEOUT_MS: String(UPSTREAM_TIMEOUT_MS) })

/** The default of UPSTREAM_CONNECTIONS. */
const WHOLE_POOL = 64

/** After the load: no request in flight, no connection but `pooled` ones of the pool, no complaint. */
async function expectNothingLeft(services: readonly ServiceProcess[], pooled = 2 * CALLERS): Promise<void> {
  await using client = new KeepAliveClient(1)
  for (const service of services) {
    await until(
      () => resourcesOf(client, service),
      ({ activeRequests, sockets }) => activeRequests === 0 && sockets <= pooled + 2,
      { withinMs: 15_000, everyMs: 100 },
    )
    expect(service.stderr).toBe('')
    expect(service.lines.filter(({ level }) => level !== 'info')).toEqual([])
  }
}

test('a provider that is stopped is 504 of the consumer, and answers within a second of going on', async () => {
  await using provider = await spawnProvider(QUIET)
  await using consumer = await consumerOf(provider.port)
  {
    await using load = new RunningLoad(consumer.url, CALLERS)
    expect(await load.next(100)).toEqual({ 200: expect.any(Number) as number })
    provider.signal('SIGSTOP')
    const stoppedAt = performance.now()
    await sleep(TROUBLE_MS)
    provider.signal('SIGCONT')
    const continuedAt = performance.now()
    const recoveredMs = await load.recovery(continuedAt)
    const during = load.since(stoppedAt + 100)
    console.log('stopped', { recoveredMs, during })
    const { 200: _answered, ...failed } = during
    expect(failed).toEqual({ '504 consumer': expect.any(Number) as number })
    expect(recoveredMs).toBeLessThan(RECOVERY_MS)
  }
  await expectNothingLeft([provider, consumer])
})

test('a killed provider is 502 of the network, and its successor on the same port answers within a second', async () => {
  await using provider = await spawnProvider(QUIET)
  await using consumer = await consumerOf(provider.port)
  let port = provider.port
  let previous = provider
  await using stack = new AsyncDisposableStack()
  {
    await using load = new RunningLoad(consumer.url, CALLERS)
    for (let times = 0; times < 3; times += 1) {
      await load.next(100)
      const killedAt = performance.now()
      previous.signal('SIGKILL')
      await previous.ended
      await load.next(100)
      previous = stack.use(await spawnProvider({ ...QUIET, PROVIDER_PORT: String(port), ADMIN_PORT: '0' }))
      const backAt = performance.now()
      const recoveredMs = await load.recovery(backAt)
      const during = load.since(killedAt)
      console.log('killed', { recoveredMs, during })
      const { 200: _answered, ...failed } = during
      expect(failed).toEqual({ '502 network': expect.any(Number) as number })
      expect(recoveredMs).toBeLessThan(RECOVERY_MS)
      port = previous.port
    }
  }
  await expectNothingLeft([previous, consumer])
})

test('a provider that does not accept is 504 of the consumer, and answers within a second of accepting again', async () => {
  const preload = `--import ${new URL('../fixtures/short-backlog.ts', import.meta.url).href}`
  await using provider = await spawnProvider({ ...QUIET, NODE_OPTIONS: preload })
  await using consumer = await consumerOf(provider.port)
  {
    provider.signal('SIGSTOP')
    await using load = new RunningLoad(consumer.url, CALLERS)
    await sleep(TROUBLE_MS)
    const during = load.since(0)
    provider.signal('SIGCONT')
    const continuedAt = performance.now()
    const recoveredMs = await load.recovery(continuedAt)
    console.log('not accepting', { recoveredMs, during })
    expect(during).toEqual({ '504 consumer': expect.any(Number) as number })
    expect(recoveredMs).toBeLessThan(RECOVERY_MS)
  }
  // A connection that is abandoned while it is being opened is still opened later, and stays in the pool.
  await expectNothingLeft([provider, consumer], WHOLE_POOL)
})
