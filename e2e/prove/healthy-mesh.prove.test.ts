import { expect, test } from 'vitest'
import { FEATURES } from '../../prove/src/features/index.ts'
import { proveStandIn } from '../stand-in-mesh/run-prover.ts'
import { inLanes, isAll } from './extent.ts'

const RUNS = Number(process.env['PROVE_RUNS'] ?? (isAll ? 20 : 1))

test.each(Array.from({ length: RUNS }, (_, run) => run + 1))(
  'run %i proves every feature of a healthy mesh',
  async () => {
    const { results, exitCode, ending, namespacesLeft } = await proveStandIn({ argv: inLanes })
    expect(results.filter(({ verdict }) => verdict !== 'proved')).toEqual([])
    expect(results).toHaveLength(FEATURES.length)
    expect({ exitCode, ending, namespacesLeft }).toEqual({ exitCode: 0, ending: 'finished', namespacesLeft: [] })
  },
)
