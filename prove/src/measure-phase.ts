import type { TestNamespace } from './cluster/test-namespace.ts'
import { eventually } from './expectations/eventually.ts'
import { type Finding, judgeAll } from './expectations/expectation.ts'
import type { Observation } from './expectations/observation.ts'
import { shedCalls } from './expectations/shed-calls.ts'
import type { Feature, Phase } from './feature.ts'
import type { Look, PhaseResult } from './report/result.ts'
import { outcomesOfAll, trafficOf } from './report/traffic.ts'
import type { RunContext } from './run-context.ts'

/** Consecutive observations that must hold before a phase counts as settled. */
const TIMES = 3
/** A report keeps only the last observations of a wait. */
const LOOKS = 60

/** What became of a phase, before anything is expected of the measured calls. */
export interface MeasuredPhase extends Pick<PhaseResult, 'state' | 'settled' | 'durationMs'> {
  /** Whether the mesh accepted the objects, and what was missing if the phase never settled. */
  findings: readonly Finding[]
  /** undefined if nothing was measured. */
  observation: Observation | undefined
}

/** What was observed of a phase. */
type Observed = Pick<MeasuredPhase, 'findings' | 'settled' | 'observation'>

/**
 * Brings the mesh into the state of a phase, waits until it has settled, and measures once. It does not measure if the
 * mesh's controller refuses an object or the phase never settles: that would only show a half-applied state.
 */
export async function measurePhase(
  feature: Feature,
  phase: Phase,
  { namespace, gate }: Pick<RunContext, 'namespace' | 'gate'>,
): Promise<MeasuredPhase> {
  const { clock, signal, waits } = namespace
  const startedAt = clock.now()
  const workloads = Object.keys(feature.workloads)
  const accepted = await namespace.compose(phase.with, workloads)
  const observe = async (): Promise<Observed> => {
    if (accepted.some(({ holds }) => holds !== true))
      return { findings: [], settled: undefined, observation: undefined }
    await phase.prepare?.(namespace)
    const needsQuiet = feature.needsQuiet !== undefined
    const turn = () => waits.during('measurements of other lanes', () => gate.enter(needsQuiet, signal))
    const leave = gate.tryEnter(needsQuiet) ?? (await turn())
    try {
      return await settleAndMeasure(phase, namespace, workloads)
    } finally {
      leave()
    }
  }
  const { findings, ...observed } = await observe()
  return {
    state: phase.state,
    ...observed,
    findings: [...accepted, ...findings],
    durationMs: clock.now() - startedAt,
  }
}

/** What a feature's expectations say of a phase. */
export function resultOf({ expect }: Phase, { observation, findings, ...measured }: MeasuredPhase): PhaseResult {
  return {
    ...measured,
    findings: [...findings, ...(observation === undefined ? [] : judgeAll(expect, observation))],
    traffic: trafficOf(observation?.bursts ?? {}),
  }
}

async function settleAndMeasure(
  phase: Phase,
  namespace: TestNamespace,
  workloads: readonly string[],
): Promise<Observed> {
  const wait = await settle(phase, namespace)
  if (wait?.settled.converged === false) {
    refuseShed(phase, namespace, await namespace.takeShed(workloads))
    return { ...wait, observation: undefined }
  }
  // Requests shed earlier do not matter: only those from now on count.
  if (wait !== undefined) await namespace.takeShed(workloads)
  const what = `the measured calls ${phase.state}`
  const observation = await namespace.waits.during(what, () => phase.steps(namespace))
  // The counters know of requests that were repeated, the calls of pods that have gone meanwhile.
  refuseShed(phase, namespace, Math.max(await namespace.takeShed(workloads), shedCalls(observation)))
  return { findings: [], settled: wait?.settled, observation }
}

/** Observes until the phase has settled or time is up. undefined if the phase waits for nothing. */
async function settle(phase: Phase, namespace: TestNamespace) {
  if (phase.settle === undefined) return undefined
  const { clock, pace, signal, waits } = namespace
  const { steps, until } = phase.settle
  const options = { times: TIMES, deadlineMs: pace.convergeMs, intervalMs: pace.pollMs, clock, signal }
  const looks: Look[] = []
  const since = clock.now()
  const look = async () => {
    const atMs = clock.now() - since
    const observation = await steps(namespace)
    looks.push({ atMs, outcomes: outcomesOfAll(observation.bursts) })
    return observation
  }
  const what = `the mesh to act as ${phase.state}`
  const { findings, ...settled } = await waits.during(what, () =>
    namespace.whileSettling(() => eventually(look, until, options)),
  )
  return { findings, settled: { ...settled, looks: looks.slice(-LOOKS) } }
}

/** A service that sheds load answers 503 itself, and the mesh handles that as configured: the mesh is not at fault. */
function refuseShed({ state }: Phase, { name }: TestNamespace, shed: number): void {
  if (shed === 0) return
  throw new Error(
    `${state}, the services themselves refused ${shed} requests, because their nodes are short of processor time: ` +
      `nothing that was seen meanwhile says anything of the mesh. See \`kubectl top pods -n ${name}\`, and try again on nodes with room.`,
  )
}
