import { LIVE_PATHS, type LiveState } from '@linkerd-scenario/contract'
import { freePort } from '@linkerd-scenario/test-kit/free-port'
import { problemOf } from '@linkerd-scenario/test-kit/http-contract'
import { type InProcessService, startConsumer, startProvider } from '@linkerd-scenario/test-kit/in-process'
import { spawnProvider } from '@linkerd-scenario/test-kit/service-process'
import { until } from '@linkerd-scenario/test-kit/until'
import request from 'supertest'
import { expect, test } from 'vitest'
import { setTraffic, watch } from './live-viewer.ts'

/** Requests that the provider has answered, by its own counter. */
async function countedBy({ adminUrl }: { adminUrl: string }): Promise<number> {
  const text = await (await fetch(`${adminUrl}/metrics`)).text()
  const counts = [...text.matchAll(/^http_server_request_duration_seconds_count\{.*\} (\d+)$/gm)]
  return counts.reduce((sum, [, count]) => sum + Number(count), 0)
}

/** Pauses the traffic and waits until no call is in flight. */
async function settle(consumer: InProcessService, viewer: Awaited<ReturnType<typeof watch>>): Promise<void> {
  await setTraffic(consumer.adminUrl, { paused: true })
  await viewer.sees(({ state }) => state?.stopped === 'paused')
  const seen = viewer.batches.length
  await viewer.sees(({ batches, batch }) => batches.length > seen && batch?.inFlight === 0)
}

test('the totals are those of the provider, to the call, also where the cells are a sample', async () => {
  await using provider = await startProvider()
  await using consumer = await startConsumer(provider.port)
  await using viewer = await watch(consumer.adminUrl)
  await setTraffic(consumer.adminUrl, { rate: 1000 })
  await viewer.sees(({ batch }) => (batch?.totals.ended ?? 0) > 2000)
  await settle(consumer, viewer)
  const totals = viewer.batch?.totals
  expect(totals?.started).toBe(await countedBy(provider))
  expect(totals?.ended).toBe(totals?.started)
  expect(totals?.byStatus).toEqual({ 200: totals?.ended })
  const windows = viewer.batches.reduce((sum, { window }) => sum + window.ended, 0)
  expect(windows).toBe(totals?.ended)
  const cells = viewer.batches.reduce((sum, batch) => sum + batch.cells.length, 0)
  expect(cells).toBeLessThan(windows)
  expect(viewer.batches.some(({ cells, sampledFrom }) => sampledFrom > cells.length)).toBe(true)
})

test('the rate follows the clock, and a slow provider does not slow it', async () => {
  await using provider = await startProvider({ env: { FAULT_INJECTION: 'enabled' } })
  await using consumer = await startConsumer(provider.port)
  await using viewer = await watch(consumer.adminUrl)
  for (const fault of ['', 'delay;ms=500']) {
    await fetch(`${consumer.adminUrl}${LIVE_PATHS.reset}`, { method: 'POST' })
    await setTraffic(consumer.adminUrl, { rate: 100, concurrency: 256, fault })
    await viewer.sees(({ state, batch }) => batch?.resetAt === state?.resetAt && (batch?.totals.started ?? 0) >= 300)
    const { at = 0, resetAt = 0, totals } = viewer.batch ?? {}
    // On a busy machine calls may be late; the schedule catches up, so no call is lost.
    const due = ((at - resetAt) * 100) / 1000
    expect(totals?.started).toBeGreaterThan(due * 0.8)
    expect(totals?.started).toBeLessThanOrEqual(due + 2)
    expect(totals?.shed).toBe(0)
  }
  expect(viewer.batch?.inFlight).toBeGreaterThan(20)
  await settle(consumer, viewer)
})

test('calls that exceed the concurrency are shed, and counted', async () => {
  await using provider = await startProvider({ env: { FAULT_INJECTION: 'enabled' } })
  await using consumer = await startConsumer(provider.port)
  await using viewer = await watch(consumer.adminUrl)
  await setTraffic(consumer.adminUrl, { rate: 100, concurrency: 5, fault: 'delay;ms=1000' })
  await viewer.sees(({ batch }) => (batch?.totals.shed ?? 0) > 100)
  for (const { inFlight } of viewer.batches) expect(inFlight).toBeLessThanOrEqual(5)
  await settle(consumer, viewer)
  expect(viewer.batch?.totals.started).toBe(await countedBy(provider))
})

test('the settings reach the provider: text, route and fault', async () => {
  await using provider = await startProvider({ env: { FAULT_INJECTION: 'enabled' } })
  await using consumer = await startConsumer(provider.port)
  await using viewer = await watch(consumer.adminUrl)
  const text = '<script>alert("x")</script>\u0000\u2028\n\n event: end\ndata: {}\ud800 ñ %00 &in=other'
  const state = await setTraffic(consumer.adminUrl, { rate: 50, in: text, route: 'v2' })
  expect(state).toMatchObject({ running: true, stopped: null, faults: [], settings: { in: text, route: 'v2' } })
  await viewer.sees(({ batch }) => (batch?.totals.ended ?? 0) > 5)
  // A URL cannot contain a lone surrogate.
  expect(viewer.batches.flatMap(({ cells }) => cells)[0]?.message).toBe(`I'm version: v1: ${text.toWellFormed()}`)
  expect(viewer.ends).toEqual([])

  const fault = 'status;code=503;retry-after=1'
  const failing = await setTraffic(consumer.adminUrl, { rate: 50, fault })
  expect(failing.faults).toEqual([{ kind: 'status', code: 503, 'retry-after': 1 }])
  await viewer.sees(({ batch }) => (batch?.totals.byOrigin['provider'] ?? 0) > 5)
  const failed = viewer.batches.flatMap(({ cells }) => cells).find(({ status }) => status === 503)
  expect(failed).toMatchObject({
    origin: 'provider',
    pod: provider.runtime.identity.pod,
    problem: { status: 503, title: 'A fault was asked for', requestId: failed?.requestId },
    hops: [{ service: 'provider', status: 503 }],
  })
  expect(failed?.problem).not.toHaveProperty('hops')
})

test.each([
  ['a rate above the limit', { rate: 1001 }, 'INVALID_INPUT'],
  ['a rate that is a text', { rate: '10' }, 'INVALID_INPUT'],
  ['a route with a line break', { route: 'v2\r\nx: y' }, 'INVALID_INPUT'],
  ['a text that is too long', { in: 'x'.repeat(1001) }, 'INVALID_INPUT'],
  ['a setting that it does not know', { burst: 1 }, 'INVALID_INPUT'],
  ['a fault that is none', { fault: 'nonsense' }, 'INVALID_FAULT'],
])('refuses %s, and the traffic stays as it is', async (_name, settings, code) => {
  await using consumer = await startConsumer(1)
  problemOf(await request(consumer.adminUrl).put(LIVE_PATHS.traffic).send(settings), 400, code)
  const state = (await request(consumer.adminUrl).get(LIVE_PATHS.state).expect(200)).body as LiveState
  expect(state).toMatchObject({ running: false, stopped: 'paused', settings: { rate: 10, fault: '' } })
})

test('a provider that is killed and comes back: the origin is the network, then all is well', async () => {
  // A port that is still free when the service restarts, and its admin port too.
  const env = { PROVIDER_PORT: String(await freePort()) }
  let provider = await spawnProvider(env)
  try {
    await using consumer = await startConsumer(provider.port)
    await using viewer = await watch(consumer.adminUrl)
    await setTraffic(consumer.adminUrl, { rate: 50 })
    await viewer.sees(({ batch }) => (batch?.totals.ended ?? 0) > 10)
    provider.child.kill('SIGKILL')
    await viewer.sees(({ batch }) => (batch?.totals.byOrigin['network'] ?? 0) > 10)
    const failed = viewer.batches.flatMap(({ cells }) => cells).at(-1)
    expect(failed).toMatchObject({ status: null, origin: 'network', hops: [], problem: { origin: 'network' } })
    provider = await spawnProvider(env)
    const goodAgain = () => viewer.batches.slice(-3).every(({ window }) => window.ended > 0 && window.failed === 0)
    await viewer.sees(goodAgain)
    expect(Object.keys(viewer.batch?.totals.byOrigin ?? {})).toEqual(['network'])
  } finally {
    await provider[Symbol.asyncDispose]()
  }
})

test('the traffic ends at its limit, and says so', async () => {
  await using provider = await startProvider()
  await using consumer = await startConsumer(provider.port)
  await using viewer = await watch(consumer.adminUrl)
  const { until: end, now } = await setTraffic(consumer.adminUrl, { rate: 100, minutes: 0.01 })
  expect((end ?? 0) - now).toBeGreaterThan(500)
  expect((end ?? 0) - now).toBeLessThanOrEqual(600)
  await viewer.sees(({ state }) => state?.stopped === 'limit')
  expect(viewer.state).toMatchObject({ running: false, until: null })
  const answered = await countedBy(provider)
  expect(answered).toBeLessThanOrEqual(61)
  await until(
    () => viewer.batches.slice(-2),
    (last) => last.length === 2 && last.every(({ window }) => window.started === 0),
  )
  expect(await countedBy(provider)).toBe(viewer.batch?.totals.started)
})
