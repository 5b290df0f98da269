import { setTimeout as sleep } from 'node:timers/promises'
import { type Case, type CaseReport, type Effort, type Row, reduced } from '../harness/case.ts'
import { type MemoryLimit, memoryLimit } from '../harness/memory-limit.ts'
import { type Calls, inTurn, pairedRow, type Served, serve } from '../harness/pairs.ts'
import { limited, type RunningSide, type Side, withSides } from '../harness/side.ts'
import { getConsumer, getProvider, post } from './calls.ts'
import { shippedProvider, shippedTwoHops } from './sides.ts'

const MIB = 2 ** 20
const LIMIT_BYTES = 128 * MIB

/**
 * Memory at rest and after load, and the service under a container's limit compared with the same service without one.
 */
export const memoryCases: Case[] = [
  memory('provider-memory', 'provider', shippedProvider, getProvider),
  memory('consumer-memory', 'consumer', shippedTwoHops, getConsumer),
]

function memory(name: string, service: string, side: Side, calls: Calls): Case {
  return {
    name,
    title: `${service}: memory, and the same service within ${LIMIT_BYTES / MIB} MiB`,
    async run(full) {
      const effort = reduced(full)
      const limit = await memoryLimit(LIMIT_BYTES)
      try {
        return await withSides([limited(side, limit), side], (subject, free) =>
          measure(subject, free, calls, effort, limit),
        )
      } finally {
        // The kernel removes a process a moment after its end.
        await sleep(100)
        await limit.remove()
      }
    },
  }
}

interface Measured {
  /** Resident MiB of the limited and of the free service. */
  idle: readonly [number, number]
  after: readonly [number, number]
  pairs: readonly [Served, Served][]
  peakBytes: number | undefined
  /** How the limited service ended, if it did. */
  end: string | undefined
  wrong: number
}

async function measure(
  subject: RunningSide,
  free: RunningSide,
  calls: Calls,
  effort: Effort,
  limit: MemoryLimit,
): Promise<CaseReport> {
  const resident = async () => [(await subject.residentBytes()) / MIB, (await free.residentBytes()) / MIB] as const
  await sleep(500)
  const idle = await resident()
  const heavy = { ...effort, seconds: 1 }
  const loaded = await Promise.all([subject, free].map((side) => serve(side, post(calls, 10_000), heavy)))
  const pairs = await inTurn(
    effort.pairs,
    () => serve(subject, calls, effort),
    () => serve(free, calls, effort),
  )
  return report(limit, {
    idle,
    after: await resident(),
    pairs,
    peakBytes: await limit.peakBytes(),
    end: subject.processes.map((process) => process.ended()).find((ended) => ended !== undefined),
    wrong: loaded.reduce((sum, served) => sum + served.wrong, 0),
  })
}

function report(limit: MemoryLimit, { idle, after, pairs, peakBytes, end, wrong }: Measured): CaseReport {
  const throughput = pairs.map(([a, b]) => [a.perSecond, b.perSecond] as const)
  const rows: Row[] = [
    { what: 'resident, idle', unit: 'MiB', subject: idle[0], baseline: idle[1] },
    { what: 'resident, after load', unit: 'MiB', subject: after[0], baseline: after[1] },
    pairedRow('throughput', '/s', throughput, { atLeast: 0.9 }),
  ]
  if (peakBytes !== undefined)
    rows.push({ what: 'most ever used', unit: 'MiB', subject: peakBytes / MIB, mustBe: { atMost: LIMIT_BYTES / MIB } })
  const refused = pairs.flat().reduce((sum, served) => sum + served.wrong + served.shed, 0)
  return {
    rows,
    wrong: wrong + refused + (end === undefined ? 0 : 1),
    notes: [
      `here: within ${LIMIT_BYTES / MIB} MiB (${limit.how}); baseline: without a limit. Load: POST of 10 kB, then GET.`,
      ...(end === undefined ? [] : [`The limited process ended: ${end}`]),
    ],
  }
}
