import type { TestNamespace } from './cluster/test-namespace.ts'
import { eventually } from './expectations/eventually.ts'
import { type Finding, judgeAll } from './expectations/expectation.ts'
import type { Observation } from './expectations/observation.ts'
import { contradict, decide, disagree } from './expectations/verdict.ts'
import type { Feature, Phase } from './feature.ts'
import type { FeatureResult, Look, PhaseResult } from './report/result.ts'
import { outcomesOfAll, trafficOf } from './report/traffic.ts'

/** In a row, before a state of the mesh counts as reached. */
const TIMES = 3
/** Of the observations while a state is waited for, a report keeps the last ones. */
const LOOKS = 60

export type Proof = Pick<FeatureResult, 'verdict' | 'reason' | 'witnessesDisagree' | 'on' | 'control'>

/**
 * Proves one feature: on, then off, and judges. Leaves the namespace with the base alone. Rejects where the namespace does: that
 * says nothing of the mesh.
 */
export async function proveFeature(
  feature: Feature,
  namespace: TestNamespace,
  onPhase: (state: string) => void,
): Promise<Proof> {
  try {
    await namespace.ensure(feature.workloads)
    onPhase(feature.on.state)
    const on = await runPhase(feature, feature.on, namespace)
    onPhase(feature.control.state)
    const control = await runPhase(feature, feature.control, namespace)
    const contradictions = contradict(feature.on.expect, feature.decides, control.observation)
    return {
      ...decide(on.result, { phase: control.result, contradictions }),
      witnessesDisagree: disagree(on.result.findings),
      on: on.result,
      control: control.result,
    }
  } finally {
    // After an interrupt the whole namespace goes.
    if (!namespace.signal.aborted) {
      await feature.cleanup?.(namespace)
      await namespace.compose(undefined, Object.keys(feature.workloads))
    }
  }
}

async function runPhase(
  feature: Feature,
  phase: Phase,
  namespace: TestNamespace,
): Promise<{ result: PhaseResult; observation: Observation | undefined }> {
  const { clock, pace, signal } = namespace
  const startedAt = clock.now()
  const accepted = await namespace.compose(phase.with, Object.keys(feature.workloads))
  const result = (
    findings: Finding[],
    settled: PhaseResult['settled'],
    bursts: Observation['bursts'] = {},
  ): PhaseResult => ({
    state: phase.state,
    settled,
    findings: [...accepted, ...findings],
    traffic: trafficOf(bursts),
    durationMs: clock.now() - startedAt,
  })
  // What the controller refuses has no effect, and traffic would only show that much later.
  if (accepted.some(({ holds }) => holds !== true)) return { result: result([], undefined), observation: undefined }
  const refuseShed = async () => {
    const shed = await namespace.takeShed(Object.keys(feature.workloads))
    if (shed > 0) throw new Error(shedding(shed, phase.state, namespace.name))
  }
  await phase.prepare?.(namespace)
  let settled: PhaseResult['settled']
  if (phase.settle !== undefined) {
    const { steps, until } = phase.settle
    const options = { times: TIMES, deadlineMs: pace.convergeMs, intervalMs: pace.pollMs, clock, signal }
    const looks: Look[] = []
    const waitingSince = clock.now()
    const look = async () => {
      const atMs = clock.now() - waitingSince
      const observation = await steps(namespace)
      looks.push({ atMs, outcomes: outcomesOfAll(observation.bursts) })
      return observation
    }
    const { findings, ...reached } = await eventually(look, until, options)
    settled = { ...reached, looks: looks.slice(-LOOKS) }
    // What never settles is not measured: its last look says more than a run through half a state.
    if (!reached.converged) {
      await refuseShed()
      return { result: result(findings, settled), observation: undefined }
    }
    // What was shed while it settled did no harm: only from here on it counts.
    await namespace.takeShed(Object.keys(feature.workloads))
  }
  const observation = await phase.steps(namespace)
  await refuseShed()
  return { result: result(judgeAll(phase.expect, observation), settled, observation.bursts), observation }
}

/** A service that sheds load answers 503 by itself, and the mesh does with it as it is told: that is no fault of the mesh. */
function shedding(shed: number, state: string, namespace: string): string {
  return (
    `${state}, the services themselves refused ${shed} requests, because their nodes are short of processor time: ` +
    `nothing that was seen meanwhile says anything of the mesh. See \`kubectl top pods -n ${namespace}\`, and try again on nodes with room.`
  )
}
