import { type Case, type CaseReport, type Effort, reduced } from '../harness/case.ts'
import { constantRate, wrongOf } from '../harness/constant-rate.ts'
import { type Calls, inTurn, pairedRow, serve } from '../harness/pairs.ts'
import type { ScheduleResult } from '../harness/schedule.ts'
import { type RunningSide, type Side, withSides } from '../harness/side.ts'
import { getConsumer, getProvider } from './calls.ts'
import { bareProvider, bareTwoHops, shippedProvider, shippedTwoHops } from './sides.ts'

/**
 * Tail latency of both sides at the same rate: half of the highest rate that the generator reaches with the service.
 */
export const tailLatencyCases: Case[] = [
  tailLatency('provider-tail', 'provider', [shippedProvider, bareProvider], getProvider),
  tailLatency('consumer-tail', 'consumer and provider', [shippedTwoHops, bareTwoHops], getConsumer),
]

/** More than the generator, also a Node process, can send. */
const TOO_MUCH = 40_000
/** Until the connections are open and all code is compiled. */
const WARM_UP_SECONDS = 0.5

/** Other work on the machine shows up in a tail. With more and shorter pairs, it affects both sides equally. */
function withMorePairs(effort: Effort): Effort {
  return effort.quick ? effort : { ...effort, pairs: effort.pairs * 2 + 1, seconds: Math.ceil(effort.seconds / 2) }
}

function tailLatency(name: string, of: string, sides: [Side, Side], calls: Calls): Case {
  return {
    name,
    title: `${of}, GET /?in=hello at a constant rate, half of the highest`,
    run: (full) =>
      withSides(sides, (subject, baseline) => measure(subject, baseline, calls, withMorePairs(reduced(full)))),
  }
}

async function measure(subject: RunningSide, baseline: RunningSide, calls: Calls, effort: Effort): Promise<CaseReport> {
  // Warms up both sides.
  await serve(baseline, calls, effort)
  if (!effort.quick) await serve(subject, calls, effort)
  const highest = await serve(subject, calls, effort)
  const atRate = (rate: number, side: RunningSide) => sendTo(side, calls, rate, effort.seconds)
  const flood = await atRate(Math.min(TOO_MUCH, Math.round(highest.perSecond)), subject)
  const rate = Math.round(flood.calls / flood.seconds / 2)
  const pairs = await inTurn(
    effort.pairs,
    () => atRate(rate, subject),
    () => atRate(rate, baseline),
  )
  return report(pairs, rate, highest.wrong + wrongOf(flood))
}

function sendTo({ url }: RunningSide, calls: Calls, rate: number, seconds: number): Promise<ScheduleResult> {
  return constantRate({ ...calls, url: url + calls.path, rate, seconds, warmUpSeconds: WARM_UP_SECONDS })
}

function report(pairs: readonly [ScheduleResult, ScheduleResult][], rate: number, wrongBefore: number): CaseReport {
  const row = (what: string, value: (result: ScheduleResult) => number) =>
    pairedRow(
      what,
      'ms',
      pairs.map(([a, b]) => [value(a), value(b)] as const),
    )
  return {
    rows: [
      row('p50', ({ latencyMs }) => latencyMs['200']?.p50 ?? Number.NaN),
      { ...row('p99', ({ latencyMs }) => latencyMs['200']?.p99 ?? Number.NaN), mustBe: { atMost: 1.5 } },
    ],
    wrong: wrongBefore + pairs.flat().reduce((sum, result) => sum + wrongOf(result), 0),
    notes: [
      `At ${rate} calls a second; latency from the moment a call is due.`,
      `The generator itself was late by ${row('late', ({ lateMs }) => lateMs).subject.toFixed(2)} ms at its p99.`,
    ],
  }
}
