import type { Verdict } from '../report/json-report.ts'
import type { PhaseResult } from '../report/result.ts'
import { allHold, type Expectation, type Finding, judgeAll, type Witness } from './expectation.ts'
import type { Observation } from './observation.ts'

export interface ControlEvidence {
  phase: PhaseResult
  /** The expectations with the feature on, applied to the observation with it off. */
  contradictions: Finding[]
}

/**
 * Decides in this order. failed: something required was not seen with the feature on. not-proved: the control shows it
 * as well, or shows something other than it must. Expectations without data in the control do not contradict it.
 */
export function decide(on: PhaseResult, control: ControlEvidence | undefined): { verdict: Verdict; reason: string } {
  const missed = firstMiss(on)
  if (missed !== undefined) return { verdict: 'failed', reason: missed }
  if (control === undefined) return { verdict: 'not-proved', reason: 'The control was not run.' }
  const odd = firstMiss(control.phase)
  const contradicted = control.contradictions.some(({ holds }) => holds === false)
  if (!contradicted) {
    return {
      verdict: 'not-proved',
      reason: `It holds ${control.phase.state} as well: nothing shows that the mesh does it.${odd === undefined ? '' : ` ${odd}`}`,
    }
  }
  if (odd !== undefined) return { verdict: 'not-proved', reason: `The control is not what it must be: ${odd}` }
  return { verdict: 'proved', reason: 'Seen with the feature on, gone with it off.' }
}

/** How the expectations of one witness judge an observation of the control. */
export function contradict(
  expectations: readonly Expectation[],
  witness: Witness,
  observation: Observation | undefined,
): Finding[] {
  if (observation === undefined) return []
  return judgeAll(
    expectations.filter((expectation) => expectation.witness === witness),
    observation,
  )
}

/** Whether one witness confirms what the other denies. */
export function disagree(findings: readonly Finding[]): boolean {
  const word = (witness: Witness) => {
    const own = findings.filter((finding) => finding.witness === witness)
    return own.length === 0 ? undefined : allHold(own)
  }
  const [services, proxies] = [word('services'), word('proxies')]
  return services !== undefined && proxies !== undefined && services !== proxies
}

function firstMiss({ state, settled, findings }: PhaseResult): string | undefined {
  if (findings.length === 0) return `Nothing was looked at ${state}.`
  const miss = findings.find(({ holds }) => holds !== true)
  if (miss === undefined) return undefined
  const when = settled?.converged === false ? ` within ${Math.round(settled.waitedMs / 1000)} s` : ''
  return `Expected ${state}${when}: ${miss.says}. Seen: ${miss.seen}.`
}
