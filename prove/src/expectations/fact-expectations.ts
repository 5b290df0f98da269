import type { Expectation } from './expectation.ts'

/** A fact of the cluster, or of a step, is what it must be. */
export function factIs(
  fact: string,
  wanted: string | number | boolean,
  says: string,
  witness: Expectation['witness'] = 'cluster',
  /** Another fact that says more, for the reader of the verdict. */
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

/** A number that a step measured is not below another. */
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
