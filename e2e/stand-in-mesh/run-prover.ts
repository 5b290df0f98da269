import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Pace, systemClock } from '../../prove/src/cluster/pace.ts'
import { FEATURES } from '../../prove/src/features/index.ts'
import { readOptions } from '../../prove/src/options.ts'
import { lineProgress } from '../../prove/src/report/progress.ts'
import type { RunReport } from '../../prove/src/report/run-report.ts'
import { run } from '../../prove/src/run.ts'
import type { Behaviour } from './behaviour.ts'
import { standInLauncher, type Trouble } from './kubectl/launcher.ts'
import type { Surroundings } from './kubectl/surroundings.ts'
import { StandInCluster } from './stand-in-cluster.ts'

/** The prover's own pace, but faster: the stand-in acts at once. */
export const STAND_IN_PACE: Pace = {
  pollMs: 40,
  quietMs: 5000,
  hopelessMs: 2000,
  convergeMs: 6000,
  rolloutMs: 60_000,
  countersMs: 40,
  commandMs: 30_000,
  penaltyMs: 9000,
  rateLimitS: 2,
  rollout: { ratePerS: 150, delayMs: 200, calls: 450, controlCalls: 150 },
  slowRequests: { delayMs: 2500, ratePerS: 8, burstS: 2, leadMs: 2000, calls: 32 },
}

export interface StandInRun {
  behaviour?: Partial<Behaviour>
  surroundings?: Partial<Surroundings>
  trouble?: Trouble
  argv?: readonly string[]
  pace?: Partial<Pace>
  signal?: AbortSignal
  leave?: AbortSignal
  onLine?: (line: string) => void
  cluster?: StandInCluster
}

/** A complete run of the prover against a stand-in cluster that ends with it. */
export async function proveStandIn(given: StandInRun = {}): Promise<RunReport & { namespacesLeft: string[] }> {
  const { behaviour, surroundings, trouble, argv = [], pace, signal, onLine } = given
  const cluster = given.cluster ?? new StandInCluster(behaviour)
  const out = await mkdtemp(join(tmpdir(), 'prove-stand-in-'))
  const asked = readOptions(
    ['--out', out, ...argv],
    FEATURES.map(({ name }) => name),
  )
  if ('text' in asked) throw new Error(asked.text)
  const { options } = asked
  try {
    const report = await run({
      options,
      features: FEATURES.filter(({ name }) => options.features.length === 0 || options.features.includes(name)),
      launcher: standInLauncher(cluster, surroundings, trouble),
      k8s: fileURLToPath(new URL('../../k8s', import.meta.url)),
      clock: systemClock,
      pace: { ...STAND_IN_PACE, ...pace },
      signal: signal ?? new AbortController().signal,
      leave: given.leave ?? new AbortController().signal,
      progress: lineProgress({ write: (text) => onLine?.(text.trimEnd()) }),
      confirm: undefined,
    })
    return { ...report, namespacesLeft: cluster.namespacesLeft }
  } finally {
    await cluster.close()
    await rm(out, { recursive: true, force: true })
  }
}
