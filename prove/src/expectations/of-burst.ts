import type { BurstReport } from '@linkerd-scenario/contract'
import type { Expectation, Judgement } from './expectation.ts'
import type { Observation } from './observation.ts'

/** Shared by all expectations about one burst: without calls they neither hold nor fail. */
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

/** Whether this key accounts for all of `total`. */
export function only(of: Readonly<Record<string, number>>, key: string, total: number): boolean {
  return of[key] === total && sum(of) === total
}

export function sum(of: Readonly<Record<string, number>>): number {
  return Object.values(of).reduce((total, count) => total + count, 0)
}
