import type { Expectation } from './expectation.ts'
import { type Labels, type Observation, sumOf } from './observation.ts'

/** A number that the proxies must have counted: fixed, or derived from what the services saw. */
type Amount = number | ((observation: Observation) => number | undefined)

interface Counted {
  /** Family of the metric, as in Linkerd's /metrics. */
  family: string
  labels?: Labels
  /** What is counted, in words. */
  what: string
}

/** The proxies of the workload counted exactly this much while the steps ran. */
export function proxyCounted(workload: string, counted: Counted, wanted: Amount): Expectation {
  return ofProxies(workload, counted, wanted, 'exactly', (seen, amount) => seen === amount)
}

/** The proxies of the workload counted at least this much. */
export function proxyCountedAtLeast(workload: string, counted: Counted, wanted: Amount): Expectation {
  return ofProxies(workload, counted, wanted, 'at least', (seen, amount) => seen >= amount)
}

/** The number of calls in a burst, to compare with the proxies' counts. */
export function callsOf(...bursts: string[]): Amount {
  return ({ bursts: reports }) =>
    bursts.every((burst) => reports[burst] !== undefined)
      ? bursts.reduce((sum, burst) => sum + (reports[burst]?.total ?? 0), 0)
      : undefined
}

/** The calls of one or several bursts that ended with a status. */
export function statusOf(bursts: string | readonly string[], status: number): Amount {
  return ({ bursts: reports }) => {
    const wanted = [bursts].flat().map((burst) => reports[burst])
    if (wanted.includes(undefined)) return undefined
    return wanted.reduce((sum, report) => sum + (report?.byStatus[String(status)] ?? 0), 0)
  }
}

/** The calls of a burst that were answered by a version. */
export function versionOf(burst: string, version: string): Amount {
  return ({ bursts }) => (bursts[burst] === undefined ? undefined : (bursts[burst].byVersion[version] ?? 0))
}

function ofProxies(
  workload: string,
  { family, labels = {}, what }: Counted,
  wanted: Amount,
  relation: string,
  holds: (seen: number, amount: number) => boolean,
): Expectation {
  const fixed = typeof wanted === 'number' ? ` ${wanted}` : ' what the services saw:'
  return {
    name: `proxyCounted(${workload}, ${family})`,
    says: `the proxies of ${workload} count ${relation}${fixed} ${what}`,
    witness: 'proxies',
    judge: (observation) => {
      const samples = observation.proxies[workload]
      const amount = typeof wanted === 'number' ? wanted : wanted(observation)
      if (samples === undefined || amount === undefined) return { holds: undefined, seen: 'not read' }
      const seen = sumOf(samples, family, labels)
      return { holds: holds(seen, amount), seen: `${seen} counted in ${family}, ${amount} expected` }
    },
  }
}
