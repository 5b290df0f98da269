import { LIVE_LIMITS } from '@linkerd-scenario/contract'
import { startConsumer, startProvider } from '@linkerd-scenario/test-kit/in-process'
import { httpAnswer, misbehavingUpstream } from '@linkerd-scenario/test-kit/misbehaving-upstream'
import { spawnConsumer, spawnProvider } from '@linkerd-scenario/test-kit/service-process'
import { until } from '@linkerd-scenario/test-kit/until'
import { expect, test } from 'vitest'
import { setTraffic, watch } from './live-viewer.ts'

test('two viewers see the same traffic', async () => {
  await using provider = await startProvider()
  await using consumer = await startConsumer(provider.port)
  await using one = await watch(consumer.adminUrl)
  await using other = await watch(consumer.adminUrl)
  await setTraffic(consumer.adminUrl, { rate: 200 })
  await one.sees(({ batches }) => batches.filter(({ window }) => window.ended > 0).length > 10)
  await other.sees(({ batch }) => batch?.seq === one.batch?.seq)
  const bySeq = new Map(one.batches.map((batch) => [batch.seq, batch]))
  const both = other.batches.filter(({ seq }) => bySeq.has(seq))
  expect(both.length).toBeGreaterThan(10)
  for (const batch of both) expect(batch).toEqual(bySeq.get(batch.seq))
  expect(one.batch?.viewers).toBe(2)
  // Built once, not once per viewer.
  const counts = both.map(({ window }) => window.started).reduce((sum, started) => sum + started, 0)
  const [first, last] = [both[0], both.at(-1)]
  const seconds = ((last?.at ?? 0) - (first?.at ?? 0) + (first?.windowMs ?? 0)) / 1000
  expect(counts).toBeLessThanOrEqual(seconds * 200 + 2)
})

test('the traffic stops when the last viewer leaves, and does not start without one', async () => {
  await using provider = await startProvider()
  await using consumer = await startConsumer(provider.port)
  const one = await watch(consumer.adminUrl)
  const other = await watch(consumer.adminUrl)
  await setTraffic(consumer.adminUrl, { rate: 100 })
  await one[Symbol.asyncDispose]()
  await other.sees(({ state }) => state?.viewers === 1)
  const { ended = 0 } = other.batch?.totals ?? {}
  await other.sees(({ batch }) => (batch?.totals.ended ?? 0) > ended + 10)
  await other[Symbol.asyncDispose]()
  const traffic = provider.runtime.requests.public
  const quiet = async () => {
    const before = traffic.served
    await new Promise((resolve) => setTimeout(resolve, 300))
    return traffic.served - before
  }
  await until(quiet, (more) => more === 0, { withinMs: 20_000 })

  const state = await setTraffic(consumer.adminUrl, { rate: 100 })
  expect(state).toMatchObject({ running: false, stopped: 'no-viewers', viewers: 0 })
  expect(await quiet()).toBe(0)
  await using again = await watch(consumer.adminUrl)
  expect(again.state).toMatchObject({ running: false, stopped: 'no-viewers', viewers: 1 })
})

test('a viewer that sleeps loses batches and is told how many; the others lose none', async () => {
  // Hops of this size fill the system's buffers quickly.
  const hop = { service: 'provider', version: 'v1', pod: 'p'.repeat(8000), caller: null, attempt: 1, status: 200 }
  const body = JSON.stringify({ message: 'large', hops: [{ ...hop, durationMs: 1 }] })
  const answer = httpAnswer(200, { 'content-type': 'application/json', 'x-responder': 'provider/v1/test' }, body)
  await using upstream = await misbehavingUpstream((socket) => socket.write(answer))
  await using consumer = await startConsumer(upstream.port)
  await using awake = await watch(consumer.adminUrl)
  await using sleeper = await watch(consumer.adminUrl)
  await setTraffic(consumer.adminUrl, { rate: 500 })
  await sleeper.sees(({ batch }) => (batch?.totals.ended ?? 0) > 0)
  sleeper.sleep()
  const asleepAt = sleeper.batches.length
  const sleptFrom = awake.batch?.seq ?? 0
  await awake.sees(({ batch }) => (batch?.seq ?? 0) > sleptFrom + 100, 40_000)
  // The settings change while it sleeps: it must receive the change.
  await setTraffic(consumer.adminUrl, { rate: 10, in: 'changed while it slept' })
  sleeper.wake()
  await sleeper.sees(({ batch }) => (batch?.dropped ?? 0) > 0)
  await sleeper.sees(({ state }) => state?.settings.in === 'changed while it slept')
  const seqs = sleeper.batches.slice(Math.max(0, asleepAt - 1)).map(({ seq }) => seq)
  const [first = 0, last = 0] = [seqs[0], seqs.at(-1)]
  expect(sleeper.batch?.dropped).toBe(last - first + 1 - seqs.length)
  expect(awake.batch?.dropped).toBe(0)
  const { totals } = awake.batches.find(({ seq }) => seq === last) ?? {}
  expect(sleeper.batch?.totals).toEqual(totals ?? sleeper.batch?.totals)
})

test('one viewer too many is refused, and admitted when another has left', async () => {
  await using consumer = await startConsumer(1)
  const viewers = await Promise.all(Array.from({ length: LIVE_LIMITS.viewers }, () => watch(consumer.adminUrl)))
  const refused = await fetch(`${consumer.adminUrl}/live`)
  expect(refused.status).toBe(503)
  expect(refused.headers.get('retry-after')).toBe('5')
  await viewers[0]?.[Symbol.asyncDispose]()
  await viewers[1]?.sees(({ state }) => state?.viewers === LIVE_LIMITS.viewers - 1)
  viewers[0] = await watch(consumer.adminUrl)
  for (const viewer of viewers) await viewer[Symbol.asyncDispose]()
})

test('at SIGTERM the traffic ends, the streams end with a last event, and the process with status 0', async () => {
  await using provider = await spawnProvider({ FAULT_INJECTION: 'enabled' })
  await using consumer = await spawnConsumer(provider.port, { DRAIN_DELAY_MS: '1500', SHUTDOWN_TIMEOUT_MS: '5000' })
  await using awake = await watch(consumer.adminUrl)
  await using sleeper = await watch(consumer.adminUrl)
  sleeper.sleep()
  // Some calls are always in flight.
  await setTraffic(consumer.adminUrl, { rate: 100, fault: 'delay;ms=200' })
  await awake.sees(({ batch }) => (batch?.totals.ended ?? 0) > 50)
  consumer.signal('SIGTERM')
  expect(await awake.closed).toBe(true)
  expect(awake.ends).toEqual([{ reason: 'draining' }])
  expect(awake.state).toMatchObject({ running: false, stopped: 'draining' })
  const { totals, inFlight } = awake.batch ?? {}
  expect(inFlight).toBe(0)
  expect(totals?.ended).toBe(totals?.started)
  expect(totals?.byStatus).toEqual({ 200: totals?.ended })
  expect(await consumer.ended).toEqual({ code: 0, signal: null })
  expect(consumer.logged('stopped, nothing was lost')).toHaveLength(1)
})

test('a call that never ends does not hold the drain', async () => {
  await using upstream = await misbehavingUpstream(() => {})
  await using consumer = await spawnConsumer(upstream.port, { DRAIN_DELAY_MS: '0', SHUTDOWN_TIMEOUT_MS: '8000' })
  await using viewer = await watch(consumer.adminUrl)
  await setTraffic(consumer.adminUrl, { rate: 100 })
  await viewer.sees(({ batch }) => (batch?.inFlight ?? 0) > 5)
  const signalledAt = performance.now()
  consumer.signal('SIGTERM')
  expect(await viewer.closed).toBe(true)
  expect(viewer.ends).toEqual([{ reason: 'draining' }])
  expect(await consumer.ended).toEqual({ code: 0, signal: null })
  expect(performance.now() - signalledAt).toBeLessThan(7000)
})
