import { setTimeout as sleep } from 'node:timers/promises'
import { type Case, type CaseReport, type Effort, lesser, type Row } from '../harness/case.ts'
import { type MemoryLimit, memoryLimit } from '../harness/memory-limit.ts'
import { type Calls, inTurn, pairedRow, serve } from '../harness/pairs.ts'
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
      const effort = lesser(full)
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

async function measure(
  subject: RunningSide,
  free: RunningSide,
  calls: Calls,
  effort: Effort,
  limit: MemoryLimit,
): Promise<CaseReport> {
  const residentMiB = async (side: RunningSide) => (await side.residentBytes()) / MIB
  await sleep(500)
  const idle = [await residentMiB(subject), await residentMiB(free)] as const
  const heavy = { ...effort, seconds: 1 }
  const loaded = await Promise.all([subject, free].map((side) => serve(side, post(calls, 10_000), heavy)))
  const wrong = loaded.reduce((sum, served) => sum + served.wrong, 0)
  const pairs = await inTurn(
    effort.pairs,
    () => serve(subject, calls, effort),
    () => serve(free, calls, effort),
  )
  const peak = await limit.peakBytes()
  const after = [await residentMiB(subject), await residentMiB(free)] as const
  const end = subject.processes.map((process) => process.ended()).find((ended) => ended !== undefined)
  const rows: Row[] = [
    { what: 'resident, idle', unit: 'MiB', subject: idle[0], baseline: idle[1] },
    { what: 'resident, after load', unit: 'MiB', subject: after[0], baseline: after[1] },
    pairedRow(
      'throughput',
      '/s',
      pairs.map(([a, b]) => [a.perSecond, b.perSecond]),
      { atLeast: 0.9 },
    ),
  ]
  if (peak !== undefined)
    rows.push({ what: 'most ever used', unit: 'MiB', subject: peak / MIB, floor: { atMost: LIMIT_BYTES / MIB } })
  return {
    rows,
    wrong:
      wrong + pairs.flat().reduce((sum, served) => sum + served.wrong + served.shed, 0) + (end === undefined ? 0 : 1),
    notes: [
      `here: within ${LIMIT_BYTES / MIB} MiB (${limit.how}); baseline: without a limit. Load: POST of 10 kB, then GET.`,
      ...(end === undefined ? [] : [`The limited process ended: ${end}`]),
    ],
  }
}
