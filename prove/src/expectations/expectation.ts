import type { Observation } from './observation.ts'

/** Who testifies: the services, the proxies' counters, or the cluster's objects. */
export type Witness = 'services' | 'proxies' | 'cluster'

/** An expectation's result for one observation. `holds` is undefined if the observation has no data on it. */
export interface Judgement {
  holds: boolean | undefined
  seen: string
}

/** A named claim about an observation. Pure: depends on the observation alone. */
export interface Expectation {
  /** As in the code, e.g. `allSucceed(consumer)`. */
  name: string
  /** The claim as a sentence with its figures. */
  says: string
  witness: Witness
  judge: (observation: Observation) => Judgement
}

/** An expectation and its result. */
export interface Finding extends Judgement {
  name: string
  says: string
  witness: Witness
}

/** Judges an observation by each expectation. */
export function judgeAll(expectations: readonly Expectation[], observation: Observation): Finding[] {
  return expectations.map(({ name, says, witness, judge }) => ({ name, says, witness, ...judge(observation) }))
}

/** Whether there are findings and all of them hold. */
export function allHold(findings: readonly Finding[]): boolean {
  return findings.length > 0 && findings.every(({ holds }) => holds === true)
}
