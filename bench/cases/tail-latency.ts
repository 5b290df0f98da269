import { type Case, type CaseReport, lesser } from '../harness/case.ts'
import { constantRate, wrongOf } from '../harness/constant-rate.ts'
import { type Calls, inTurn, pairedRow, serve } from '../harness/pairs.ts'
import type { ScheduleResult } from '../harness/schedule.ts'
import { type RunningSide, type Side, withSides } from '../harness/side.ts'
import { getConsumer, getProvider } from './calls.ts'
import { bareProvider, bareTwoHops, shippedProvider, shippedTwoHops } from './sides.ts'

/** Tail latency of both sides at one and the same rate: half of what the service carries at most. */
export const tailLatencyCases: Case[] = [
  tailLatency('provider-tail', 'provider', [shippedProvider, bareProvider], getProvider),
  tailLatency('consumer-tail', 'consumer and provider', [shippedTwoHops, bareTwoHops], getConsumer),
]

/** Above it the generator, a Node process too, would measure itself. */
const MAX_RATE = 5000

function tailLatency(name: string, of: string, sides: [Side, Side], calls: Calls): Case {
  return {
    name,
    title: `${of}, GET /?in=hello at a constant rate, half of the highest`,
    run: (full) =>
      withSides(sides, async (subject, baseline): Promise<CaseReport> => {
        const effort = lesser(full)
        // The warm-up of both.
        await serve(baseline, calls, effort)
        if (!effort.quick) await serve(subject, calls, effort)
        const highest = await serve(subject, calls, effort)
        const rate = Math.min(MAX_RATE, Math.round(highest.perSecond / 2))
        const measure = ({ url }: RunningSide) =>
          constantRate({ ...calls, url: url + calls.path, rate, seconds: effort.seconds })
        const pairs = await inTurn(
          effort.pairs,
          () => measure(subject),
          () => measure(baseline),
        )
        const row = (what: string, value: (result: ScheduleResult) => number) =>
          pairedRow(
            what,
            'ms',
            pairs.map(([a, b]) => [value(a), value(b)] as const),
          )
        return {
          rows: [
            row('p50', ({ latencyMs }) => latencyMs['200']?.p50 ?? Number.NaN),
            { ...row('p99', ({ latencyMs }) => latencyMs['200']?.p99 ?? Number.NaN), floor: { atMost: 1.5 } },
          ],
          wrong: highest.wrong + pairs.flat().reduce((sum, result) => sum + wrongOf(result), 0),
          notes: [
            `At ${rate} calls a second; latency from the moment a call is due.`,
            `The generator itself was late by ${row('late', ({ lateMs }) => lateMs).subject.toFixed(2)} ms at its p99.`,
          ],
        }
      }),
  }
}
