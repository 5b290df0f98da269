import { type Bounds, type Case, type CaseReport, type Effort, reduced } from '../harness/case.ts'
import { type Calls, inTurn, pairedRow, serve } from '../harness/pairs.ts'
import { type Side, withSides } from '../harness/side.ts'
import { getConsumer, getProvider, post } from './calls.ts'
import { bareProvider, bareTwoHops, shippedProvider, shippedTwoHops } from './sides.ts'

interface FullLoad {
  name: string
  title: string
  sides: [Side, Side]
  calls: Calls
  mustBe?: { perSecond: Bounds; cpu: Bounds }
  /** Whether it keeps all its pairs with --quick. */
  isMain: boolean
}

const TWO_HOPS_MUST_BE = { perSecond: { atLeast: 0.7 }, cpu: { atMost: 1.5 } }

/** Cases for throughput and CPU time per request, at the full load that the connections can carry. */
export const fullLoadCases: Case[] = [
  fullLoad({
    name: 'provider-get',
    isMain: true,
    title: 'provider, GET /?in=hello, 32 connections',
    sides: [shippedProvider, bareProvider],
    calls: getProvider,
    mustBe: { perSecond: { atLeast: 0.62 }, cpu: { atMost: 1.8 } },
  }),
  fullLoad({
    name: 'consumer-get',
    isMain: true,
    title: 'consumer and provider, GET /?in=hello, 32 connections',
    sides: [shippedTwoHops, bareTwoHops],
    calls: getConsumer,
    mustBe: TWO_HOPS_MUST_BE,
  }),
  fullLoad({
    name: 'consumer-post',
    isMain: false,
    title: 'consumer and provider, POST / with 10 kB, 32 connections',
    sides: [shippedTwoHops, bareTwoHops],
    calls: post(getConsumer, 10_000),
    mustBe: TWO_HOPS_MUST_BE,
  }),
  fullLoad({
    name: 'self-test',
    isMain: true,
    title: 'the harness itself: bare node:http against bare node:http, which must come to 1.0',
    sides: [bareProvider, { ...bareProvider, name: 'the same again' }],
    calls: getProvider,
    mustBe: { perSecond: { atLeast: 0.95, atMost: 1.05 }, cpu: { atLeast: 0.95, atMost: 1.05 } },
  }),
]

function fullLoad({ name, title, sides, calls, mustBe, isMain }: FullLoad): Case {
  return {
    name,
    title,
    run: (effort) =>
      withSides(sides, async (subject, baseline): Promise<CaseReport> => {
        const measure = (side: typeof subject, more: Effort = effort) => serve(side, calls, more)
        // Until the compiler is done, which takes some ten thousand requests.
        const warmUp = { ...effort, seconds: effort.quick ? effort.seconds : Math.max(8, effort.seconds) }
        await Promise.all([measure(subject, warmUp), measure(baseline, warmUp)])
        const pairs = await inTurn(
          isMain ? effort.pairs : reduced(effort).pairs,
          () => measure(subject),
          () => measure(baseline),
        )
        const of = (figure: 'perSecond' | 'cpuUs' | 'p99Ms') => pairs.map(([a, b]) => [a[figure], b[figure]] as const)
        return {
          rows: [
            pairedRow('throughput', '/s', of('perSecond'), mustBe?.perSecond),
            pairedRow('CPU time a request', 'µs', of('cpuUs'), mustBe?.cpu),
            pairedRow('p99 at full load', 'ms', of('p99Ms')),
          ],
          wrong: pairs.flat().reduce((sum, { wrong, shed }) => sum + wrong + shed, 0),
        }
      }),
  }
}
