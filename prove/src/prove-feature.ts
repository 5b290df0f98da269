import { allHold } from './expectations/expectation.ts'
import { contradict, decide, disagree } from './expectations/verdict.ts'
import type { Feature } from './feature.ts'
import { type MeasuredPhase, measurePhase } from './measure-phase.ts'
import type { FeatureResult } from './report/result.ts'
import type { RunContext } from './run-context.ts'

/** What was found about a feature, and the causes that the cluster shows. */
interface Proof extends Pick<FeatureResult, 'verdict' | 'reason' | 'witnessesDisagree' | 'on' | 'control'> {
  causes: readonly string[]
}

const NOTHING_MEASURED = { witnessesDisagree: false, on: undefined, control: undefined, causes: [] }

/** Proves one feature, and collects evidence if it is not proved. Never rejects. */
export async function proveFeature(feature: Feature, context: RunContext): Promise<FeatureResult> {
  const { namespace, lacks, takeCommands, watcher } = context
  const startedAt = namespace.clock.now()
  namespace.waits.take()
  watcher.starts(feature)
  const lack = feature.needs.map(lacks).find((reason) => reason !== undefined)
  const { causes, ...proof } = lack === undefined ? await prove(feature, context) : skipped(lack)
  const isUnclear = proof.verdict !== 'proved' && lack === undefined && !namespace.signal.aborted
  const evidence = isUnclear ? await context.keepEvidence(feature).catch(() => undefined) : undefined
  return {
    feature: feature.name,
    claim: feature.claim,
    ...proof,
    hints: [...causes, ...(await hintsOf(feature, context))],
    ...(evidence === undefined ? {} : { evidence }),
    durationMs: namespace.clock.now() - startedAt,
    waits: namespace.waits.take(),
    commands: takeCommands(),
  }
}

function skipped(reason: string): Proof {
  return { ...NOTHING_MEASURED, verdict: 'skipped', reason }
}

/** Both phases and the verdict; or why the run itself could not go on, which says nothing about the mesh. */
async function prove(feature: Feature, context: RunContext): Promise<Proof> {
  try {
    return await measureBoth(feature, context)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    const causes = context.namespace.signal.aborted ? [] : await causesShown(context)
    return { ...NOTHING_MEASURED, verdict: 'error', reason, causes }
  }
}

/** Measures the feature on, then off, and decides. Leaves the namespace with the base only. */
async function measureBoth(feature: Feature, context: RunContext): Promise<Proof> {
  const { namespace, watcher } = context
  try {
    await namespace.ensure(feature.workloads)
    watcher.phase(feature, feature.on.state)
    const on = await measurePhase(feature, feature.on, context)
    // Looked for now: the feature's objects are still there.
    const causesOn = allHold(on.result.findings) ? [] : await causesShown(context)
    watcher.phase(feature, feature.control.state)
    const control = await measurePhase(feature, feature.control, context)
    const proof = judge(feature, on, control)
    const isClear = proof.verdict === 'proved' || causesOn.length > 0
    return { ...proof, causes: isClear ? causesOn : await causesShown(context) }
  } finally {
    // After an interrupt the whole namespace is removed.
    if (!namespace.signal.aborted) {
      await namespace.compose(undefined, Object.keys(feature.workloads))
      await feature.cleanup?.(namespace)
    }
  }
}

function judge({ on: { expect }, decides }: Feature, on: MeasuredPhase, control: MeasuredPhase) {
  const contradictions = contradict(expect, decides, control.observation)
  return {
    ...decide(on.result, { phase: control.result, contradictions }),
    witnessesDisagree: disagree(on.result.findings),
    on: on.result,
    control: control.result,
  }
}

/** None if the cluster cannot be asked: the verdict stands without them. */
async function causesShown({ findCauses, namespace }: RunContext): Promise<readonly string[]> {
  try {
    return await findCauses()
  } catch {
    namespace.signal.throwIfAborted()
    return []
  }
}

/** The hints, with this mesh's names filled in. */
async function hintsOf({ hints }: Feature, { namespace, controlPlane }: RunContext): Promise<string[]> {
  const mesh = await namespace.mesh().catch(() => undefined)
  return hints.map((hint) =>
    hint
      .replaceAll('NAMESPACE', namespace.name)
      .replaceAll('CONTROL_PLANE', controlPlane)
      .replaceAll('CLUSTER_DOMAIN', mesh?.clusterDomain ?? 'cluster.local'),
  )
}
