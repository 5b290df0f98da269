import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { request } from 'undici'
import type { Case, CaseReport, Effort } from '../harness/case.ts'
import { constantRate } from '../harness/constant-rate.ts'
import { type Calls, serve } from '../harness/pairs.ts'
import type { ScheduleResult } from '../harness/schedule.ts'
import { limited, type RunningSide, type Side, startSide } from '../harness/side.ts'
import { median } from '../harness/statistics.ts'
import { getConsumer, getProvider } from './calls.ts'
import { shippedProvider, shippedTwoHops } from './sides.ts'

/** Each admitted call costs 2 ms of CPU time: without that, refusing would be no faster than serving. */
const COSTLY = fileURLToPath(new URL('costly.ts', import.meta.url))
const FACTOR = 5
/** As many as a mesh's proxy would open, and more than the service answers at once. */
const CONNECTIONS = 256
const PROBE_INTERVAL_MS = 50

export const overloadCases: Case[] = [
  overload('provider-overload', 'provider', shippedProvider, getProvider),
  overload('consumer-overload', 'consumer', shippedTwoHops, getConsumer),
]

function overload(name: string, service: string, side: Side, calls: Calls): Case {
  return {
    name,
    title: `${service}, each call 2 ms of work, at a constant rate of five times the highest`,
    async run(effort) {
      const running = await startSide(limited(side, { prefix: [], flags: ['--import', COSTLY] }))
      try {
        return await measure(running, calls, effort)
      } finally {
        await running.stop()
      }
    },
  }
}

interface Round {
  highest: number
  overloaded: ScheduleResult
  probesMs: number[]
}

async function measure(side: RunningSide, calls: Calls, effort: Effort): Promise<CaseReport> {
  if (!effort.quick) await serve(side, calls, { ...effort, seconds: 1 })
  const rounds: Round[] = []
  for (let round = 0; round < (effort.quick ? 1 : Math.min(3, effort.pairs)); round += 1) {
    const { perSecond: highest } = await serve(side, calls, effort)
    await using probes = watchProbes(`${side.adminUrl}/readyz`)
    const overloaded = await constantRate({
      ...calls,
      url: side.url + calls.path,
      connections: CONNECTIONS,
      rate: Math.round(highest * FACTOR),
      seconds: Math.max(2, effort.seconds),
    })
    rounds.push({ highest, overloaded, probesMs: await probes.stop() })
  }
  return report(rounds)
}

function report(rounds: readonly Round[]): CaseReport {
  const goodput = ({ overloaded }: Round) => (overloaded.byStatus['200'] ?? 0) / overloaded.seconds
  const shedMs = rounds.map(({ overloaded }) => overloaded.answerMs['503']?.p50 ?? Number.NaN)
  const results = rounds.map(({ overloaded }) => overloaded)
  return {
    rows: [
      { what: 'highest rate', unit: '/s', subject: median(rounds.map(({ highest }) => highest)) },
      { what: 'goodput under five times that', unit: '/s', subject: median(rounds.map(goodput)) },
      {
        what: 'goodput, share of the highest',
        unit: '',
        subject: median(rounds.map((round) => goodput(round) / round.highest)),
        mustBe: { atLeast: 0.8 },
      },
      {
        what: 'served, p50',
        unit: 'ms',
        subject: median(results.map(({ answerMs }) => answerMs['200']?.p50 ?? Number.NaN)),
      },
      { what: 'shed, p50', unit: 'ms', subject: median(shedMs), mustBe: { atMost: 50 } },
      {
        what: 'probe, slowest',
        unit: 'ms',
        subject: Math.max(...rounds.flatMap(({ probesMs }) => probesMs)),
        mustBe: { atMost: 100 },
      },
    ],
    wrong: results.reduce((sum, { wrong }) => sum + wrong, 0),
    notes: results.map(
      ({ calls, byStatus, lateMs }) =>
        `${calls} calls: ${JSON.stringify(byStatus)}; generator late by ${lateMs.toFixed(1)} ms at p99`,
    ),
  }
}

/** Probes repeatedly; `stop` returns the response times, milliseconds. A failed probe counts as infinite. */
function watchProbes(url: string): AsyncDisposable & { stop: () => Promise<number[]> } {
  const times: number[] = []
  let stopped = false
  const watching = (async () => {
    while (!stopped) {
      const startedAt = performance.now()
      const right = await request(url).then(
        async ({ statusCode, body }) => {
          await body.dump()
          return statusCode === 200
        },
        () => false,
      )
      times.push(right ? performance.now() - startedAt : Number.POSITIVE_INFINITY)
      await sleep(PROBE_INTERVAL_MS)
    }
  })()
  const stop = async () => {
    stopped = true
    await watching
    return times
  }
  return { stop, [Symbol.asyncDispose]: async () => void (await stop()) }
}
