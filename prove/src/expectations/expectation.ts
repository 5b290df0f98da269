import type { Observation } from './observation.ts'

/** Whose word it is: what the services saw, what the proxies counted, or what the cluster says of its objects. */
export type Witness = 'services' | 'proxies' | 'cluster'

/** What an observation says to an expectation. `holds` is undefined where the observation has nothing to say. */
export interface Judgement {
  holds: boolean | undefined
  seen: string
}

/** A named claim about an observation. Pure: it looks at the observation and at nothing else. */
export interface Expectation {
  /** As in the code, e.g. `allSucceed(consumer)`. */
  name: string
  /** The claim as a sentence with its figures. */
  says: string
  witness: Witness
  judge: (observation: Observation) => Judgement
}

/** An expectation and what became of it. */
export interface Finding extends Judgement {
  name: string
  says: string
  witness: Witness
}

/** Judges an observation by each expectation. */
export function judgeAll(expectations: readonly Expectation[], observation: Observation): Finding[] {
  return expectations.map(({ name, says, witness, judge }) => ({ name, says, witness, ...judge(observation) }))
}

/** Whether there is something to hold, and all of it does. */
export function allHold(findings: readonly Finding[]): boolean {
  return findings.length > 0 && findings.every(({ holds }) => holds === true)
}
