import { allHold } from './expectations/expectation.ts'
import { contradict, decide, disagree } from './expectations/verdict.ts'
import type { Feature } from './feature.ts'
import { type MeasuredPhase, measurePhase, resultOf } from './measure-phase.ts'
import type { FeatureResult } from './report/result.ts'
import type { RunContext } from './run-context.ts'

/** What was found about a feature, and the causes that the cluster shows. */
interface Proof extends Pick<FeatureResult, 'verdict' | 'reason' | 'witnessesDisagree' | 'on' | 'control'> {
  causes: readonly string[]
}

const NOTHING_MEASURED = { witnessesDisagree: false, on: undefined, control: undefined, causes: [] }

/**
 * Proves the features of a batch, which are measured at once, and collects evidence of those that are not proved. Never
 * rejects.
 */
export async function proveTogether(features: readonly Feature[], context: RunContext): Promise<FeatureResult[]> {
  const { namespace, lacks, byHand, watcher } = context
  const startedAt = namespace.clock.now()
  namespace.waits.take()
  watcher.starts(features)
  const lackOf = ({ needs }: Feature) => needs.map(lacks).find((reason) => reason !== undefined)
  const able = features.filter((feature) => lackOf(feature) === undefined)
  const proofs = await prove(able, context)
  const rows = features.map((feature) => ({ feature, proof: proofs.get(feature) ?? skipped(lackOf(feature) ?? '') }))
  const unclear = rows.filter(({ proof }) => proof.verdict !== 'proved' && proof.verdict !== 'skipped')
  const [first] = unclear
  const mayKeep = first !== undefined && !namespace.signal.aborted
  const evidence = mayKeep ? await context.keepEvidence(first.feature).catch(() => undefined) : undefined
  const shared = {
    durationMs: namespace.clock.now() - startedAt,
    waits: namespace.waits.take(),
    commands: byHand.take(),
  }
  return Promise.all(
    rows.map(async (row) => {
      const { causes, ...proof } = row.proof
      const { name, claim } = row.feature
      const others = able.map((one) => one.name).filter((one) => one !== name)
      return {
        feature: name,
        claim,
        ...proof,
        hints: [...causes, ...(await hintsOf(row.feature, context))],
        ...(evidence === undefined || !unclear.includes(row) ? {} : { evidence }),
        ...(others.length === 0 || !able.includes(row.feature) ? {} : { measuredWith: others }),
        ...shared,
      }
    }),
  )
}

function skipped(reason: string): Proof {
  return { ...NOTHING_MEASURED, verdict: 'skipped', reason }
}

/** Both phases and the verdicts; or why the run itself could not go on, which says nothing about the mesh. */
async function prove(features: readonly Feature[], context: RunContext): Promise<ReadonlyMap<Feature, Proof>> {
  const [first] = features
  if (first === undefined) return new Map()
  try {
    return await measureBoth(first, features, context)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    const causes = context.namespace.signal.aborted ? [] : await causesShown(context)
    return new Map(features.map((one) => [one, { ...NOTHING_MEASURED, verdict: 'error', reason, causes }]))
  }
}

/** Measures with the features on, then off, and decides each. Leaves the namespace with the base only. */
async function measureBoth(
  first: Feature,
  features: readonly Feature[],
  context: RunContext,
): Promise<ReadonlyMap<Feature, Proof>> {
  const { namespace, watcher, byHand } = context
  try {
    await namespace.ensure(first.workloads)
    watcher.phase(first.on.state)
    byHand.says(`On: ${first.on.state}`)
    const on = await measurePhase(first, first.on, context)
    const findings = features.flatMap((feature) => resultOf(feature.on, on).findings)
    // Looked for now: the feature's objects are still there.
    const causesOn = allHold(findings) ? [] : await causesShown(context)
    watcher.phase(first.control.state)
    byHand.says(`Control: ${first.control.state}`)
    const control = await measurePhase(first, first.control, context)
    const judged = features.map((feature) => [feature, judge(feature, on, control)] as const)
    const isClear = judged.every(([, { verdict }]) => verdict === 'proved') || causesOn.length > 0
    const causes = isClear ? causesOn : await causesShown(context)
    return new Map(
      judged.map(([feature, proof]) => [feature, { ...proof, causes: proof.verdict === 'proved' ? [] : causes }]),
    )
  } finally {
    // After an interrupt the whole namespace is removed.
    if (!namespace.signal.aborted) {
      byHand.says('Afterwards')
      await namespace.compose(undefined, Object.keys(first.workloads))
      await first.cleanup?.(namespace)
    }
  }
}

function judge(feature: Feature, on: MeasuredPhase, control: MeasuredPhase) {
  const contradictions = contradict(feature.on.expect, feature.decides, control.observation)
  const results = { on: resultOf(feature.on, on), control: resultOf(feature.control, control) }
  return {
    ...onTime(feature, [on, control], decide(results.on, { phase: results.control, contradictions })),
    witnessesDisagree: disagree(results.on.findings),
    ...results,
  }
}

/** The verdict, unless something was missed on a machine that is short of processor time. */
function onTime(
  { shortOfTime }: Feature,
  phases: readonly MeasuredPhase[],
  decided: Pick<Proof, 'verdict' | 'reason'>,
): Pick<Proof, 'verdict' | 'reason'> {
  if (decided.verdict === 'proved') return decided
  for (const { state, observation } of phases) {
    const late = observation === undefined ? undefined : shortOfTime?.(observation)
    if (late !== undefined) return { verdict: 'error', reason: `${state}, ${late}: ${SHORT_OF_TIME}` }
  }
  return decided
}

const SHORT_OF_TIME =
  'the nodes are short of processor time, and what was missed says nothing of the mesh. See `kubectl top nodes`, and try again on nodes with room.'

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
