import type { Clock } from '../cluster/pace.ts'
import { allHold, type Expectation, type Finding, judgeAll } from './expectation.ts'
import type { Observation } from './observation.ts'

export interface ConvergeOptions {
  /** Number of consecutive observations that must hold. */
  times: number
  deadlineMs: number
  intervalMs: number
  clock: Clock
  signal: AbortSignal
}

/** How waiting for a state of the mesh ended, with the last observation's findings. */
export interface Convergence {
  converged: boolean
  waitedMs: number
  observations: number
  findings: Finding[]
}

/** Until an observation holds, the pause before the next is shorter: it only delays noticing the change. */
const EAGER = 1 / 4

/**
 * Observes until all expectations hold `times` times in a row, or until the deadline. The wait does not decide the
 * verdict: the measurement comes afterwards, once. Rejects if `observe` rejects, and with the signal's reason.
 */
export async function eventually(
  observe: () => Promise<Observation>,
  expectations: readonly Expectation[],
  { times, deadlineMs, intervalMs, clock, signal }: ConvergeOptions,
): Promise<Convergence> {
  const startedAt = clock.now()
  let inRow = 0
  for (let observations = 1; ; observations += 1) {
    const findings = judgeAll(expectations, await observe())
    inRow = allHold(findings) ? inRow + 1 : 0
    const waitedMs = clock.now() - startedAt
    if (inRow >= times) return { converged: true, waitedMs, observations, findings }
    // A series that has begun may finish: the mesh must not fail because the deadline happened to fall into it.
    if (waitedMs >= deadlineMs && inRow === 0) return { converged: false, waitedMs, observations, findings }
    await clock.sleep(inRow === 0 ? intervalMs * EAGER : intervalMs, signal)
  }
}
