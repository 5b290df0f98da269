import { afterAll, beforeAll, expect, test } from 'vitest'
import { quantile } from '../../bench/harness/statistics.ts'
import { type Call, callFor, countBy } from './calls.ts'
import { ObservedService } from './observed-service.ts'

const CONCURRENCY = 64
const FAULTED_MS = Number(process.env['FAULTED_MS'] ?? 10_000)
const CALM_MS = 3000
const UPSTREAM_TIMEOUT_MS = 2000
const FAULTS = 'reset;rate=0.2, close;rate=0.2, hang;rate=0.2, truncate;bytes=40;rate=0.2'

let provider: ObservedService
let consumer: ObservedService

beforeAll(async () => {
  provider = await ObservedService.ready('provider', { FAULT_INJECTION: 'enabled', ACCESS_LOG: 'off' })
  consumer = await ObservedService.ready('consumer', {
    PROVIDER_HOST: '127.0.0.1',
    PROVIDER_PORT: String(provider.port),
    UPSTREAM_TIMEOUT_MS: String(UPSTREAM_TIMEOUT_MS),
    ACCESS_LOG: 'off',
  })
})

afterAll(async () => {
  await Promise.all([consumer.stop(), provider.stop()])
})

const services = () => [provider, consumer]

interface Loaded {
  calls: Call[]
  seen: Record<string, number>
  shed: number
}

/** Calls the consumer for a while; `seen` counts the answers by status and origin. */
async function load(durationMs: number): Promise<Loaded> {
  const shedSoFar = async () => {
    const [atProvider = 0, atConsumer = 0] = await Promise.all(
      services().map((service) => service.metric('http_server_requests_shed_total')),
    )
    return atProvider + atConsumer
  }
  const before = await shedSoFar()
  const calls = await callFor(consumer.url, durationMs, CONCURRENCY)
  // A busy machine makes the services shed: each of these answers is one they counted.
  const [served, refused] = [calls.filter(({ status }) => status !== 503), calls.filter(({ status }) => status === 503)]
  const shed = (await shedSoFar()) - before
  expect(refused.length).toBe(shed)
  return { calls: served, seen: countBy(served, ({ status, body }) => `${status} ${body.origin ?? ''}`), shed }
}

interface State {
  sockets: number
  timers: number
  activeRequests: number
}

async function stateOf(service: ObservedService): Promise<State> {
  return {
    sockets: await service.metric('nodejs_active_resources', 'TCPSocketWrap'),
    timers: await service.metric('nodejs_active_resources', '"Timeout"'),
    activeRequests: await service.metric('http_server_active_requests'),
  }
}

/** A call without a fault takes as long as before; a deadline is met, within a small margin. Returns the figures. */
function expectLatencies(calm: Loaded, faulted: Loaded): string {
  const latency = (share: number, { calls }: Loaded, status: number) =>
    quantile(
      calls.filter((call) => call.status === status).map(({ ms }) => ms),
      share,
    )
  const figures = {
    ...faulted.seen,
    shed: calm.shed + faulted.shed,
    calmP50: latency(0.5, calm, 200),
    faultedP50: latency(0.5, faulted, 200),
    calmP99: latency(0.99, calm, 200),
    faultedP99: latency(0.99, faulted, 200),
    deadlineP50: latency(0.5, faulted, 504),
  }
  const report = JSON.stringify(figures)
  expect(figures.faultedP50, report).toBeLessThan(3 * figures.calmP50 + 5)
  // Far from a deadline: no call waits behind one that hangs. A busy machine moves the tail, but not this far.
  expect(figures.faultedP99, report).toBeLessThan(0.75 * UPSTREAM_TIMEOUT_MS)
  expect(figures.deadlineP50, report).toBeGreaterThanOrEqual(UPSTREAM_TIMEOUT_MS - 2)
  expect(figures.deadlineP50, report).toBeLessThan(UPSTREAM_TIMEOUT_MS + 500)
  return report
}

/** Sockets, timers and requests in flight return to what they were. */
async function expectBackTo(before: readonly State[]): Promise<void> {
  // One connection per call in flight, and a few of the test's own; the consumer also has those to the provider.
  const most = [CONCURRENCY + 6, 2 * CONCURRENCY + 6]
  const isBack = ({ sockets, timers, activeRequests }: State, i: number) =>
    sockets <= (most[i] ?? 0) && timers <= (before[i]?.timers ?? 0) + 4 && activeRequests === 0
  await expect
    .poll(async () => (await Promise.all(services().map(stateOf))).filter((state, i) => !isBack(state, i)), {
      timeout: 15_000,
      interval: 200,
    })
    .toEqual([])
}

test(
  'a fifth of each broken kind at 64 calls at once: honest answers, and everything goes back to where it was',
  async () => {
    // Twice, so that both readings are from a process that has been under load.
    await load(CALM_MS)
    const calm = await load(CALM_MS)
    expect(Object.keys(calm.seen)).toEqual(['200 '])
    const before = await Promise.all(services().map(stateOf))
    const heapBefore = await Promise.all(services().map((service) => service.heapBytes()))

    await provider.setFaults(FAULTS)
    const faulted = await load(FAULTED_MS)
    await fetch(`${provider.adminUrl}/faults`, { method: 'DELETE' })

    expect(Object.keys(faulted.seen).toSorted()).toEqual(['200 ', '502 network', '504 consumer'])
    const injected = (kind: string) => provider.metric('faults_injected_total', `kind="${kind}"`)
    const broken = (await injected('reset')) + (await injected('close')) + (await injected('truncate'))
    expect([faulted.seen['504 consumer'], faulted.seen['502 network']]).toEqual([await injected('hang'), broken])

    const report = expectLatencies(calm, faulted)
    expect(Object.keys((await load(CALM_MS)).seen)).toEqual(['200 '])
    await expectBackTo(before)
    const heapAfter = await Promise.all(services().map((service) => service.heapBytes()))
    for (const [i, heap] of heapAfter.entries()) expect(heap - (heapBefore[i] ?? 0), report).toBeLessThan(4 * 2 ** 20)
    // Node warns there about leaking listeners.
    expect(services().map(({ stderr }) => stderr)).toEqual(['', ''])
  },
  4 * CALM_MS + FAULTED_MS + 40_000,
)
