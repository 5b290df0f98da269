import { setTimeout as sleep } from 'node:timers/promises'
import type { Problem } from '@linkerd-scenario/contract'
import { type Answer, KeepAliveClient } from '@linkerd-scenario/test-kit/http-client'
import { ServiceProcess, spawnProvider } from '@linkerd-scenario/test-kit/service-process'
import { until } from '@linkerd-scenario/test-kit/until'
import { expect, test } from 'vitest'
import { constantRate } from './constant-rate.ts'

/** CPU time of each request: makes the service the bottleneck, not the test. */
const COST_MS = 4
/** As many connections as a mesh's proxy would keep; each carries one call at a time. */
const CONNECTIONS = 150
const CAPACITY_MS = 2000
const OVERLOAD_SECONDS = 8
/** A busy machine may take longer to send ten times the load. */
const LONGEST_SECONDS = 60
const TIMES = 10

function verdict({ status, headers, body }: Answer): string {
  if (status !== 503) return String(status)
  const code = (JSON.parse(body) as Problem).type.split(':').at(-1)
  return `503 ${code}, Retry-After ${headers['retry-after'] ? 'told' : 'missing'}`
}

/** Answers per second to a few callers, each of which waits for its answer before the next call. */
async function capacity(service: ServiceProcess): Promise<number> {
  await using client = new KeepAliveClient()
  let answered = 0
  const end = performance.now() + CAPACITY_MS
  const work = async () => {
    while (performance.now() < end) if ((await client.get(service.url)).status === 200) answered += 1
  }
  await Promise.all([work(), work()])
  return answered / (CAPACITY_MS / 1000)
}

/** Probes like the kubelet, but ten times a second, until told to stop. */
function probing(service: ServiceProcess): () => Promise<{ statuses: Set<number>; count: number; slowestMs: number }> {
  const seen = { statuses: new Set<number>(), count: 0, slowestMs: 0 }
  let isOver = false
  const probes = (async () => {
    await using client = new KeepAliveClient(1)
    while (!isOver) {
      for (const path of ['/livez', '/readyz']) {
        const sentAt = performance.now()
        seen.statuses.add((await client.get(service.adminUrl + path)).status)
        seen.slowestMs = Math.max(seen.slowestMs, performance.now() - sentAt)
        seen.count += 1
      }
      await sleep(100)
    }
  })()
  return async () => {
    isOver = true
    await probes
    return seen
  }
}

/** Milliseconds until the first of ten consecutive 200 answers, to a single caller. */
async function recovery(service: ServiceProcess): Promise<number> {
  await using client = new KeepAliveClient(1)
  const startedAt = performance.now()
  let inARow = 0
  let recoveredAt = startedAt
  await until(
    async () => {
      const { status } = await client.get(service.url)
      if (status !== 200) inARow = 0
      else if (inARow++ === 0) recoveredAt = performance.now()
      return inARow
    },
    (n) => n === 10,
    { withinMs: 20_000, everyMs: 50 },
  )
  return recoveredAt - startedAt
}

/** Sends `TIMES` as many requests as the service answers, for at least `OVERLOAD_SECONDS`. */
async function overload({ url }: ServiceProcess, client: KeepAliveClient, perSecond: number) {
  const startedAt = performance.now()
  const seconds = () => (performance.now() - startedAt) / 1000
  let sent = 0
  let served = 0
  const send = async (i: number) => {
    sent += 1
    const answer = await client.get(`${url}/?in=${i}`)
    if (answer.status === 200) served += 1
    return verdict(answer)
  }
  // If other work leaves more of the machine to the service meanwhile, it may answer more than before.
  const tooMuch = () => 1.2 * TIMES * Math.max(perSecond, served / seconds())
  const isOver = () => (seconds() > OVERLOAD_SECONDS && sent >= TIMES * served) || seconds() > LONGEST_SECONDS
  const traffic = constantRate(tooMuch, send, isOver, CONNECTIONS)
  await until(isOver, (over) => over, { withinMs: 2000 * LONGEST_SECONDS })
  return { offered: { sent, served, seconds: seconds() }, traffic }
}

test.each(['provider', 'consumer'] as const)(
  'ten times of what the %s can serve: 200 or 503 with Retry-After, probes 200 throughout, and recovery within a second',
  async (service) => {
    await using provider = await spawnProvider({ ACCESS_LOG: 'off' })
    const env = { SERVICE: service, COST_MS: String(COST_MS), HOST: '127.0.0.1', ACCESS_LOG: 'off' }
    await using costly = await new ServiceProcess('e2e/fixtures/costly-service.ts', {
      ...env,
      ...(service === 'provider'
        ? { PROVIDER_PORT: '0' }
        : { CONSUMER_PORT: '0', PROVIDER_HOST: '127.0.0.1', PROVIDER_PORT: String(provider.port) }),
    }).listening()
    await using client = new KeepAliveClient(CONNECTIONS)

    const perSecond = await capacity(costly)
    expect(perSecond).toBeGreaterThan(1)
    // The callers connect beforehand: libuv accepts only one new connection per turn of the event loop.
    await Promise.all(Array.from({ length: CONNECTIONS }, () => client.get(`${costly.url}/nothing`)))
    const stopProbing = probing(costly)
    const { offered, traffic } = await overload(costly, client, perSecond)
    // Admitted requests that are not answered yet are part of what the service has to recover from.
    const recoveredMs = await recovery(costly)
    const verdicts = await traffic
    const probes = await stopProbing()
    console.log({ service, perSecond, ...offered, ...verdicts, recoveredMs, probes })

    const { 200: answered = 0, '503 OVERLOADED, Retry-After told': shed = 0, ...others } = verdicts
    expect(others).toEqual({})
    expect(answered).toBeGreaterThan(0)
    expect(offered.sent).toBeGreaterThanOrEqual(TIMES * offered.served)
    // At ten times its capacity, the service sheds most requests once it has noticed.
    expect(shed).toBeGreaterThan(answered)
    expect(probes.statuses).toEqual(new Set([200]))
    expect(probes.count).toBeGreaterThan(10)
    // The kubelet's limit: timeoutSeconds of the liveness probe.
    expect(probes.slowestMs).toBeLessThan(5000)
    expect(recoveredMs).toBeLessThan(1000)
    expect(costly.stderr).toBe('')
    expect(costly.lines.filter(({ level }) => level === 'error' || level === 'fatal')).toEqual([])
  },
)
