import { seeded } from '@linkerd-scenario/test-kit/seeded'
import { type ServiceProcess, spawnConsumer, spawnProvider } from '@linkerd-scenario/test-kit/service-process'
import { expect, test } from 'vitest'
import { GC_ON_SIGNAL } from '../stress/heap.ts'
import { atRest } from '../stress/resources.ts'
import { converse, hostileBytes } from './conversation.ts'
import { readCorpus } from './corpus.ts'

/** This many requests are answered; a different seed makes a different run. */
const REQUESTS = Number(process.env['FUZZ_REQUESTS'] ?? 200_000)
const SEED = Number(process.env['FUZZ_SEED'] ?? 1)
const CONNECTIONS = 24
/**
 * From here on the heap must stay flat: caches, compiled code and the memory of request ids have reached their size.
 */
const WARM_SHARE = 0.4
const GROWTH_RATIO = 0.05
/** After the callers have left: what the consumer keeps open to the provider, and the connection of the query. */
const SOCKETS_LEFT = 40

/** Sends hostile requests to the ports in turn until this many are answered. */
async function fuzz(ports: readonly number[], requests: number, random: () => number) {
  const corpus = await readCorpus()
  const total = { sent: 0, answers: 0, byStatus: {} as Record<string, number>, objections: [] as string[] }
  const work = async (port: number) => {
    while (total.answers < requests && total.objections.length < 5) {
      const { sent, answers, byStatus, objections } = await converse(port, hostileBytes(corpus, random))
      total.sent += sent
      total.answers += answers
      total.objections.push(...objections)
      for (const [status, n] of Object.entries(byStatus)) total.byStatus[status] = (total.byStatus[status] ?? 0) + n
    }
  }
  await Promise.all(Array.from({ length: CONNECTIONS }, (_, i) => work(ports[i % ports.length] ?? 0)))
  return total
}

test(`${REQUESTS} hostile requests to each port of both services: 4xx or 200, no crash, nothing reflected, a flat heap`, async () => {
  const env = { ...GC_ON_SIGNAL, ACCESS_LOG: 'off' }
  await using provider = await spawnProvider(env)
  await using consumer = await spawnConsumer(provider.port, env)
  const services: ServiceProcess[] = [provider, consumer]
  const ports = services.flatMap(({ port, adminPort }) => [port, adminPort])
  const random = seeded(SEED)

  const warm = await fuzz(ports, REQUESTS * WARM_SHARE, random)
  expect(warm.objections).toEqual([])
  const before = await atRest(services, SOCKETS_LEFT)
  const startedAt = performance.now()
  const run = await fuzz(ports, REQUESTS * (1 - WARM_SHARE), random)
  const seconds = (performance.now() - startedAt) / 1000
  const after = await atRest(services, SOCKETS_LEFT)
  const growth = after.heap.map((bytes, i) => bytes / (before.heap[i] ?? 0) - 1)
  console.log({
    seed: SEED,
    warm: warm.answers,
    ...run,
    seconds,
    before: JSON.stringify(before),
    after: JSON.stringify(after),
    growth,
  })

  expect(run.objections).toEqual([])
  expect(warm.answers + run.answers).toBeGreaterThanOrEqual(REQUESTS)
  // A run with only refusals, or with none, would have tested nothing.
  expect(run.byStatus[200]).toBeGreaterThan(run.answers / 100)
  expect(run.byStatus[400]).toBeGreaterThan(run.answers / 50)
  for (const ratio of growth) expect(ratio).toBeLessThan(GROWTH_RATIO)
  for (const { isRunning, stderr, lines } of services) {
    expect({ isRunning, stderr }).toEqual({ isRunning: true, stderr: '' })
    expect(lines.filter(({ level }) => level !== 'info' && level !== undefined)).toEqual([])
  }
}, 1_500_000)
