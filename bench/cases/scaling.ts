import type { Case, Effort, Row } from '../harness/case.ts'
import { type Calls, inTurn, pairedRow, serve } from '../harness/pairs.ts'
import { type Side, withSides } from '../harness/side.ts'
import { getConsumer, getProvider, post } from './calls.ts'
import { bareProvider, bareTwoHops, shippedProvider, shippedTwoHops } from './sides.ts'

const CONNECTIONS = [1, 10, 100, 1000]
/** The services take up to 1 MiB. The larger the bodies, the fewer at once: they share one memory and one core. */
const BODIES = [
  { bytes: 100, connections: 32 },
  { bytes: 10_000, connections: 32 },
  { bytes: 100_000, connections: 8 },
  { bytes: 1_000_000, connections: 2 },
]

/** How throughput and CPU time go with the number of connections and the size of the bodies. */
export const scalingCases: Case[] = [
  scaling('provider-scaling', 'provider', [shippedProvider, bareProvider], getProvider, '1000 connections'),
  scaling('consumer-scaling', 'consumer and provider', [shippedTwoHops, bareTwoHops], getConsumer, 'POST of 100000 B'),
]

function scaling(name: string, of: string, sides: [Side, Side], calls: Calls, quickPoint: string): Case {
  const byConnections = CONNECTIONS.map((connections) => ({
    what: `${connections} connections`,
    calls: { ...calls, connections },
  }))
  const byBody = BODIES.map(({ bytes, connections }) => ({
    what: `POST of ${bytes} B`,
    calls: { ...post(calls, bytes), connections },
  }))
  return {
    name,
    title: `${of}: 1 to 1000 connections, bodies of 100 B to 1 MB`,
    run: (effort) =>
      withSides(sides, async (subject, baseline) => {
        const rows: Row[] = []
        const shed: string[] = []
        let wrong = 0
        for (const { what, calls } of [...byConnections, ...byBody]) {
          if (effort.quick && what !== quickPoint) continue
          const { pairs, ...one } = shorter(effort)
          const measure = (side: typeof subject) => serve(side, calls, { ...one, pairs })
          const measured = await inTurn(
            pairs,
            () => measure(subject),
            () => measure(baseline),
          )
          const of = (figure: 'perSecond' | 'cpuUs') => measured.map(([a, b]) => [a[figure], b[figure]] as const)
          rows.push(
            pairedRow(`${what}: throughput`, '/s', of('perSecond')),
            pairedRow(`${what}: CPU time`, 'µs', of('cpuUs')),
          )
          wrong += measured.flat().reduce((sum, served) => sum + served.wrong, 0)
          const refused = measured.flat().reduce((sum, served) => sum + served.shed, 0)
          if (refused > 0) shed.push(`${what}: ${refused} shed`)
        }
        return { rows, wrong, notes: shed }
      }),
  }
}

// Many points, of which the curve counts: fewer and shorter pairs will do.
function shorter(effort: Effort): Effort {
  return { ...effort, seconds: 1, pairs: effort.quick ? 1 : Math.min(3, effort.pairs) }
}
