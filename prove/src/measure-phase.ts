import type { TestNamespace } from './cluster/test-namespace.ts'
import { eventually } from './expectations/eventually.ts'
import { type Finding, judgeAll } from './expectations/expectation.ts'
import type { Observation } from './expectations/observation.ts'
import type { Feature, Phase } from './feature.ts'
import type { Look, PhaseResult } from './report/result.ts'
import { outcomesOfAll, trafficOf } from './report/traffic.ts'

/** Consecutive observations that must hold before a state of the mesh counts as reached. */
const TIMES = 3
/** A report keeps only the last observations of a wait. */
const LOOKS = 60

/** A phase's result and its measured observation. */
export interface MeasuredPhase {
  result: PhaseResult
  observation: Observation | undefined
}

/**
 * Brings the mesh into the state of a phase, waits until that state is reached, and measures once. It does not measure
 * if the mesh's controller refuses an object or the state is never reached: that would only show a half-applied state.
 */
export async function measurePhase(feature: Feature, phase: Phase, namespace: TestNamespace): Promise<MeasuredPhase> {
  const { clock, waits } = namespace
  const startedAt = clock.now()
  const workloads = Object.keys(feature.workloads)
  const accepted = await namespace.compose(phase.with, workloads)
  const resultOf = (
    findings: Finding[],
    settled: PhaseResult['settled'],
    observation?: Observation,
  ): MeasuredPhase => ({
    result: {
      state: phase.state,
      settled,
      findings: [...accepted, ...findings],
      traffic: trafficOf(observation?.bursts ?? {}),
      durationMs: clock.now() - startedAt,
    },
    observation,
  })
  if (accepted.some(({ holds }) => holds !== true)) return resultOf([], undefined)
  await phase.prepare?.(namespace)
  const reached = await settle(phase, namespace)
  if (reached?.settled.converged === false) {
    await refuseShed(phase, namespace, workloads)
    return resultOf(reached.findings, reached.settled)
  }
  // Requests shed earlier do not matter: only those from now on count.
  if (reached !== undefined) await namespace.takeShed(workloads)
  const observation = await waits.during(`the measured calls ${phase.state}`, () => phase.steps(namespace))
  await refuseShed(phase, namespace, workloads)
  return resultOf(judgeAll(phase.expect, observation), reached?.settled, observation)
}

/** Observes until the state of the phase is reached or time is up. undefined if the phase waits for nothing. */
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
  const { findings, ...settled } = await waits.during(what, () => eventually(look, until, options))
  return { findings, settled: { ...settled, looks: looks.slice(-LOOKS) } }
}

/** A service that sheds load answers 503 itself, and the mesh handles that as configured: the mesh is not at fault. */
async function refuseShed({ state }: Phase, namespace: TestNamespace, workloads: readonly string[]): Promise<void> {
  const shed = await namespace.takeShed(workloads)
  if (shed === 0) return
  throw new Error(
    `${state}, the services themselves refused ${shed} requests, because their nodes are short of processor time: ` +
      `nothing that was seen meanwhile says anything of the mesh. See \`kubectl top pods -n ${namespace.name}\`, and try again on nodes with room.`,
  )
}
