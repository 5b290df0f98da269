import type { BurstReport } from '@linkerd-scenario/contract'
import type { Expectation, Judgement } from './expectation.ts'
import type { Observation } from './observation.ts'

/** What an expectation of one burst has in common with others: without a call it neither holds nor fails. */
export function ofBurst(
  burst: string,
  name: string,
  says: string,
  judge: (report: BurstReport, observation: Observation) => Judgement,
): Expectation {
  return {
    name,
    says,
    witness: 'services',
    judge: (observation) => {
      const report = observation.bursts[burst]
      if (report === undefined || report.total === 0) return { holds: undefined, seen: 'no calls' }
      return judge(report, observation)
    },
  }
}

/** Whether all of `total` are of this key. */
export function only(of: Readonly<Record<string, number>>, key: string, total: number): boolean {
  return of[key] === total && sum(of) === total
}

/** The sum of all counts. */
export function sum(of: Readonly<Record<string, number>>): number {
  return Object.values(of).reduce((total, count) => total + count, 0)
}
