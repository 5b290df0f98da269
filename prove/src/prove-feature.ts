import { allHold } from './expectations/expectation.ts'
import { contradict, decide, disagree } from './expectations/verdict.ts'
import type { Feature } from './feature.ts'
import { measurePhase } from './measure-phase.ts'
import type { FeatureResult, PhaseResult } from './report/result.ts'
import type { RunContext } from './run-context.ts'

/** Proves one feature, and collects evidence if it is not proved. Never rejects. */
export async function proveFeature(feature: Feature, context: RunContext): Promise<FeatureResult> {
  const { namespace, lacks, takeCommands, watcher } = context
  const startedAt = namespace.clock.now()
  namespace.waits.take()
  watcher.starts(feature)
  const lack = feature.needs.map(lacks).find((reason) => reason !== undefined)
  if (lack !== undefined)
    return { ...blank(feature), hints: await hintsOf(feature, context), verdict: 'skipped', reason: lack }
  const { causes, ...proof } = await measureBoth(feature, context).catch(async (error: unknown) => ({
    verdict: 'error' as const,
    reason: error instanceof Error ? error.message : String(error),
    causes: namespace.signal.aborted ? [] : await causesNow(context),
  }))
  const isUnclear = proof.verdict !== 'proved' && !namespace.signal.aborted
  const evidence = isUnclear ? await context.keepEvidence(feature).catch(() => undefined) : undefined
  return {
    ...blank(feature),
    ...proof,
    hints: [...causes, ...(await hintsOf(feature, context))],
    ...(evidence === undefined ? {} : { evidence }),
    durationMs: namespace.clock.now() - startedAt,
    waits: namespace.waits.take(),
    commands: takeCommands(),
  }
}

/** Measures the feature on, then off, and decides. Leaves the namespace with the base only. */
async function measureBoth(feature: Feature, context: RunContext) {
  const { namespace, watcher } = context
  try {
    await namespace.ensure(feature.workloads)
    watcher.phase(feature, feature.on.state)
    const on = await measurePhase(feature, feature.on, namespace)
    const causesOn = await causesOf(on.result, context)
    watcher.phase(feature, feature.control.state)
    const control = await measurePhase(feature, feature.control, namespace)
    const contradictions = contradict(feature.on.expect, feature.decides, control.observation)
    const decision = decide(on.result, { phase: control.result, contradictions })
    return {
      ...decision,
      causes: causesOn.length > 0 || decision.verdict === 'proved' ? causesOn : await causesNow(context),
      witnessesDisagree: disagree(on.result.findings),
      on: on.result,
      control: control.result,
    }
  } finally {
    // After an interrupt the whole namespace is removed.
    if (!namespace.signal.aborted) {
      await feature.cleanup?.(namespace)
      await namespace.compose(undefined, Object.keys(feature.workloads))
    }
  }
}

/** Collected while the feature's objects still exist: the clean-up removes them. */
async function causesOf({ findings }: PhaseResult, context: RunContext): Promise<readonly string[]> {
  return allHold(findings) ? [] : causesNow(context)
}

async function causesNow({ findCauses, namespace }: RunContext): Promise<readonly string[]> {
  return findCauses().catch((): string[] => {
    namespace.signal.throwIfAborted()
    return []
  })
}

function blank({ name, claim }: Feature): FeatureResult {
  return {
    feature: name,
    claim,
    verdict: 'error',
    reason: '',
    witnessesDisagree: false,
    on: undefined,
    control: undefined,
    hints: [],
    durationMs: 0,
    waits: [],
    commands: [],
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
