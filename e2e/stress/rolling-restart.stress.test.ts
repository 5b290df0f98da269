import type { Problem } from '@linkerd-scenario/contract'
import { type Answer, KeepAliveClient } from '@linkerd-scenario/test-kit/http-client'
import { spawnConsumer, spawnProvider } from '@linkerd-scenario/test-kit/service-process'
import { expect, test } from 'vitest'
import { MeshLikeProxy } from '../faults/mesh-like-proxy.ts'
import { constantRate, type Verdicts } from './constant-rate.ts'
import { Endpoints } from './endpoints.ts'

const PER_SECOND = 300
const PROVIDERS = 3
/** Delay until callers learn of a change of readiness, like proxies in a cluster. */
const NOTICE_MS = 300

interface Rollout {
  rounds: number
  /** At least this many requests are answered; more if the restarts take longer. */
  requests: number
  env: NodeJS.ProcessEnv
}

interface Outcome {
  verdicts: Verdicts
  restarts: number
  /** The exit status of each process that was replaced. */
  exits: Set<string>
}

function verdict({ status, body }: Answer, i: number): string {
  if (status === 200) return body.includes(`"I'm version: v1: ${i}"`) ? 'answered' : 'another answer'
  const { detail } = JSON.parse(body) as Problem
  // Answered by the consumer, or forwarded from the provider.
  return detail.startsWith('This pod is at its limit') ? 'shed' : `${status} ${detail}`
}

/** Replaces each provider and then the consumer, `rounds` times, under traffic at a constant rate. */
async function rollOut({ rounds, requests, env }: Rollout): Promise<Outcome> {
  const settings = { ACCESS_LOG: 'off', ...env }
  await using providers = new Endpoints(NOTICE_MS)
  await using consumers = new Endpoints(NOTICE_MS)
  await using client = new KeepAliveClient()
  await using upstreams = new KeepAliveClient()
  const proxy = new MeshLikeProxy(() => providers.pick().port, upstreams.agent)
  const proxyPort = await proxy.listen()
  try {
    const addProvider = async () => providers.add(await spawnProvider(settings))
    const addConsumer = async () => consumers.add(await spawnConsumer(proxyPort, settings))
    await Promise.all([...Array.from({ length: PROVIDERS }, addProvider), addConsumer()])

    const ends: Promise<string>[] = []
    let isRolledOut = false
    let answers = 0
    const send = async (i: number) => {
      const answer = await client.get(`${consumers.pick().url}/?in=${i}`)
      answers += 1
      return verdict(answer, i)
    }
    const traffic = constantRate(PER_SECOND, send, () => isRolledOut && answers >= requests)
    const replacements = Array.from({ length: rounds }, () => [
      ...Array.from({ length: PROVIDERS }, () => [providers, addProvider] as const),
      [consumers, addConsumer] as const,
    ]).flat()
    for (const [endpoints, add] of replacements) {
      await add()
      // The old process drains while the next one starts.
      ends.push(endpoints.retireOldest())
    }
    await Promise.all(ends)
    isRolledOut = true
    return { verdicts: await traffic, restarts: ends.length, exits: new Set(await Promise.all(ends)) }
  } finally {
    proxy.close()
  }
}

const sum = (verdicts: Verdicts) => Object.values(verdicts).reduce((total, count) => total + count, 0)

const rounds = Number(process.env['ROLLING_ROUNDS'] ?? 20)
const requests = 1000 * rounds

test(`${rounds} rolling restarts of three providers and the consumer lose none of ${requests} requests`, async () => {
  const { verdicts, restarts, exits } = await rollOut({ rounds, requests, env: { DRAIN_DELAY_MS: '2000' } })
  console.log({ restarts, ...verdicts })
  // If the machine is short of processors, shedding also counts as an answer, marked as such.
  const { answered = 0, shed = 0, ...lost } = verdicts
  expect(lost).toEqual({})
  expect(answered + shed).toBeGreaterThanOrEqual(requests)
  expect(shed).toBeLessThan(requests / 10)
  expect({ restarts, exits }).toEqual({ restarts: rounds * (PROVIDERS + 1), exits: new Set(['0']) })
})

test('control: with the drain switched off the same restarts lose requests', async () => {
  const env = { DRAIN_DELAY_MS: '0', SHUTDOWN_TIMEOUT_MS: '0' }
  const { verdicts } = await rollOut({ rounds: 1, requests: 1000, env })
  console.log(verdicts)
  const { answered = 0, shed = 0 } = verdicts
  expect(sum(verdicts) - answered - shed).toBeGreaterThan(0)
})
