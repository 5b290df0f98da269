import type { Feature, Need } from './feature.ts'
import type { Lab } from './lab.ts'
import { proveFeature } from './prove-feature.ts'
import type { FeatureResult } from './result.ts'

export interface Bench {
  lab: Lab
  /** Why the cluster cannot meet a need; undefined where it can. */
  lacks: (need: Need) => string | undefined
  /** Keeps what helps to find the cause; the folder. */
  keepEvidence: (feature: Feature) => Promise<string | undefined>
  /** Commands run since the last call. */
  takeCommands: () => readonly string[]
}

/** Told of what a run is doing. */
export interface Watcher {
  starts: (feature: Feature) => void
  phase: (feature: Feature, state: string) => void
  ends: (result: FeatureResult) => void
}

/** Proves one feature after the other. After an interrupt it returns what there is. */
export async function runFeatures(
  features: readonly Feature[],
  bench: Bench,
  watcher: Watcher,
): Promise<FeatureResult[]> {
  const results: FeatureResult[] = []
  for (const feature of features) {
    if (bench.lab.signal.aborted) break
    watcher.starts(feature)
    const result = await runOne(feature, bench, watcher)
    if (bench.lab.signal.aborted) break
    results.push(result)
    watcher.ends(result)
  }
  return results
}

async function runOne(
  feature: Feature,
  { lab, lacks, keepEvidence, takeCommands }: Bench,
  watcher: Watcher,
): Promise<FeatureResult> {
  const startedAt = lab.clock.now()
  const result: FeatureResult = {
    feature: feature.name,
    claim: feature.claim,
    verdict: 'error',
    reason: '',
    witnessesDisagree: false,
    on: undefined,
    control: undefined,
    hints: feature.hints.map((hint) => hint.replaceAll('NAMESPACE', lab.namespace)),
    durationMs: 0,
    commands: [],
  }
  const lack = feature.needs.map(lacks).find((reason) => reason !== undefined)
  if (lack !== undefined) return { ...result, verdict: 'skipped', reason: lack }
  try {
    Object.assign(result, await proveFeature(feature, lab, (state) => watcher.phase(feature, state)))
  } catch (error) {
    result.reason = error instanceof Error ? error.message : String(error)
  }
  if (result.verdict !== 'proved' && !lab.signal.aborted) {
    const evidence = await keepEvidence(feature).catch(() => undefined)
    if (evidence !== undefined) result.evidence = evidence
  }
  return { ...result, durationMs: lab.clock.now() - startedAt, commands: takeCommands() }
}
