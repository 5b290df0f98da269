import type { Expectation } from './expectation.ts'

/** A fact of the cluster, or of a step, has the required value. */
export function factIs(
  fact: string,
  wanted: string | number | boolean,
  says: string,
  witness: Expectation['witness'] = 'cluster',
  /** Another fact with details, for the reader of the verdict. */
  detail?: string,
): Expectation {
  return {
    name: `factIs(${fact})`,
    says,
    witness,
    judge: ({ facts }) => ({
      holds: facts[fact] === undefined ? undefined : facts[fact] === wanted,
      seen: `${fact}: ${String(facts[fact] ?? 'nothing')}${detail === undefined ? '' : `; ${detail}: ${String(facts[detail] ?? 'nothing')}`}`,
    }),
  }
}

/** A number measured by a step is not below another. */
export function factAtLeast(fact: string, least: number, says: string, witness: Expectation['witness']): Expectation {
  return {
    name: `factAtLeast(${fact})`,
    says,
    witness,
    judge: ({ facts: { [fact]: number } }) => ({
      holds: typeof number === 'number' ? number >= least : undefined,
      seen: `${fact}: ${String(number ?? 'nothing')}`,
    }),
  }
}
