import type { TestNamespace } from './cluster/test-namespace.ts'
import type { Feature, Need } from './feature.ts'
import { proveFeature } from './prove-feature.ts'
import type { FeatureResult } from './report/result.ts'

export interface RunContext {
  namespace: TestNamespace
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
  context: RunContext,
  watcher: Watcher,
): Promise<FeatureResult[]> {
  const results: FeatureResult[] = []
  for (const feature of features) {
    if (context.namespace.signal.aborted) break
    watcher.starts(feature)
    const result = await runOne(feature, context, watcher)
    if (context.namespace.signal.aborted) break
    results.push(result)
    watcher.ends(result)
  }
  return results
}

async function runOne(
  feature: Feature,
  { namespace, lacks, keepEvidence, takeCommands }: RunContext,
  watcher: Watcher,
): Promise<FeatureResult> {
  const startedAt = namespace.clock.now()
  const result: FeatureResult = {
    feature: feature.name,
    claim: feature.claim,
    verdict: 'error',
    reason: '',
    witnessesDisagree: false,
    on: undefined,
    control: undefined,
    hints: feature.hints.map((hint) => hint.replaceAll('NAMESPACE', namespace.name)),
    durationMs: 0,
    commands: [],
  }
  const lack = feature.needs.map(lacks).find((reason) => reason !== undefined)
  if (lack !== undefined) return { ...result, verdict: 'skipped', reason: lack }
  try {
    Object.assign(result, await proveFeature(feature, namespace, (state) => watcher.phase(feature, state)))
  } catch (error) {
    result.reason = error instanceof Error ? error.message : String(error)
  }
  if (result.verdict !== 'proved' && !namespace.signal.aborted) {
    const evidence = await keepEvidence(feature).catch(() => undefined)
    if (evidence !== undefined) result.evidence = evidence
  }
  return { ...result, durationMs: namespace.clock.now() - startedAt, commands: takeCommands() }
}
