import { expect, test } from 'vitest'
import { FEATURES } from '../../prove/src/features/index.ts'
import { isAll } from './extent.ts'
import { proveInWay } from './way.ts'

const RUNS = Number(process.env['PROVE_RUNS'] ?? (isAll ? 20 : 1))

test.each(Array.from({ length: RUNS }, (_, run) => run + 1))(
  'run %i proves every feature of a healthy mesh',
  async () => {
    const { results, exitCode, ending, left } = await proveInWay({}, [])
    expect(results.filter(({ verdict }) => verdict !== 'proved')).toEqual([])
    expect(results).toHaveLength(FEATURES.length)
    expect({ exitCode, ending, left }).toEqual({ exitCode: 0, ending: 'finished', left: [] })
  },
)
