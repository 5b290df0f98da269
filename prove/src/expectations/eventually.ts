import type { Clock } from '../cluster/pace.ts'
import { allHold, type Expectation, type Finding, judgeAll } from './expectation.ts'
import type { Observation } from './observation.ts'

export interface ConvergeOptions {
  /** Observations in a row that must hold. */
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

/**
 * Observes until all expectations held `times` observations in a row, or the deadline is over. Waiting says nothing of
 * the verdict: what counts is measured afterwards, once. Rejects with what `observe` rejects with, and with the
 * signal's reason.
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
    // A series that has begun may be finished: ending it half-way would blame a mesh for the deadline's moment.
    if (waitedMs >= deadlineMs && inRow === 0) return { converged: false, waitedMs, observations, findings }
    await clock.sleep(intervalMs, signal)
  }
}
