import type { BurstReport } from '@linkerd-scenario/contract'
import type { Expectation, Judgement } from './expectation.ts'
import type { Observation } from './observation.ts'
import { type Bounds, binomialBounds, detectable, FALSE_ALARM, POWER } from './statistics.ts'
import { counts, percent } from './wording.ts'

type Counts = Readonly<Record<string, number>>

/** Every call of the burst was answered with 200 by a provider. */
export function allSucceed(burst: string): Expectation {
  return ofBurst(burst, `allSucceed(${burst})`, `every call of ${burst} is answered 200 by a provider`, (report) => ({
    holds: only(report.byStatus, '200', report.total) && sum(report.byVersion) === report.total,
    seen: outcome(report),
  }))
}

/**
 * Every call of the burst failed with this status, made by this origin: so that a name that does not resolve, or a
 * refused connection, is never taken for a denial. With `proxy` the failure must be the caller's own proxy's
 * (outbound: it gives its reason) or another one's (inbound: it gives none).
 */
export function allFailWith(
  burst: string,
  {
    status,
    origin,
    proxy,
  }: { status: number; origin: 'mesh' | 'provider' | 'network'; proxy?: 'inbound' | 'outbound' },
): Expectation {
  const maker = proxy === undefined ? origin : proxy === 'outbound' ? "the caller's proxy" : "the provider's proxy"
  return ofBurst(
    burst,
    `allFailWith(${burst}, ${status})`,
    `every call of ${burst} fails with ${status} made by ${maker}`,
    (report) => {
      const gaveReason = (report.calls ?? []).filter(({ proxyError }) => proxyError !== undefined).length
      const byRightProxy = proxy === undefined || gaveReason === (proxy === 'outbound' ? report.total : 0)
      return {
        holds:
          only(report.byStatus, String(status), report.total) &&
          only(report.byOrigin, origin, report.total) &&
          byRightProxy,
        seen: `${outcome(report)}; reasons given by a proxy: ${gaveReason}`,
      }
    },
  )
}

/** Each answer, or each failure that a service made, was the given attempt at its request. */
export function attemptsAre(burst: string, attempt: number): Expectation {
  return ofBurst(
    burst,
    `attemptsAre(${burst}, ${attempt})`,
    `the provider answers each call of ${burst} at attempt ${attempt}`,
    (report) => ({
      holds: only(report.byAttempt, String(attempt), report.total),
      seen: `attempts ${counts(report.byAttempt)} of ${report.total} calls`,
    }),
  )
}

/** The provider saw every call under the identity of this ServiceAccount in the run's namespace; null: under none. */
export function callerIs(burst: string, account: string | null): Expectation {
  const says =
    account === null
      ? `the provider sees no identity on any call of ${burst}`
      : `the provider sees the identity of the ServiceAccount ${account} on every call of ${burst}`
  return ofBurst(burst, `callerIs(${burst}, ${account})`, says, (report, { facts }) => ({
    holds:
      Object.entries(report.byCaller).every(([caller]) => isCaller(caller, account, facts['namespace'])) &&
      sum(report.byCaller) === report.total,
    seen: `identities ${counts(report.byCaller)} of ${report.total} calls`,
  }))
}

function isCaller(
  caller: string,
  account: string | null,
  namespace: Observation['facts'][string] | undefined,
): boolean {
  return account === null
    ? caller === 'none'
    : caller.startsWith(`${account}.${String(namespace)}.serviceaccount.identity.`)
}

/** All answers came from this version. */
export function onlyVersion(burst: string, version: string): Expectation {
  return ofBurst(
    burst,
    `onlyVersion(${burst}, ${version})`,
    `version ${version} answers every call of ${burst}`,
    (report) => ({
      holds: only(report.byVersion, version, report.total),
      seen: `versions ${counts(report.byVersion)} of ${report.total} calls`,
    }),
  )
}

/** The version answered its share of the calls: within the binomial bounds of that many calls. */
export function shareWithin(burst: string, version: string, share: number): Expectation {
  return ofBurst(
    burst,
    `shareWithin(${burst}, ${version}, ${share})`,
    `version ${version} answers ${percent(share)} of ${burst}, within chance at ${percent(1 - FALSE_ALARM)} confidence`,
    (report) => {
      const bounds = binomialBounds(report.total, share)
      const { below, above } = detectable(report.total, share)
      const hits = report.byVersion[version] ?? 0
      return {
        holds: hits >= bounds.least && hits <= bounds.most,
        seen:
          `${hits} of ${report.total} (${percent(hits / report.total)}), allowed ${bounds.least} to ${bounds.most}; ` +
          `a true share of ${percent(below)} or ${percent(above)} would be found with ${percent(POWER)}`,
      }
    },
  )
}

/** Calls were answered by exactly, or at least, this many pods. */
export function podsUsed(burst: string, pods: number, { orMore } = { orMore: false }): Expectation {
  return ofBurst(
    burst,
    `podsUsed(${burst}, ${pods})`,
    `${pods === 1 ? 'one pod answers' : `${pods} pods${orMore ? ' or more' : ''} answer`} the calls of ${burst}`,
    (report) => ({
      holds: orMore ? Object.keys(report.byPod).length >= pods : Object.keys(report.byPod).length === pods,
      seen: `pods ${counts(report.byPod)}`,
    }),
  )
}

/** The pod that the fact names took at most (or at least) a share of the calls, failures included. */
export function podShare(burst: string, podFact: string, limit: { most?: number; least?: number }): Expectation {
  const words = limit.most === undefined ? `at least ${percent(limit.least ?? 0)}` : `at most ${percent(limit.most)}`
  return ofBurst(
    burst,
    `podShare(${burst}, ${podFact}, ${words})`,
    `the ${podFact} takes ${words} of the calls of ${burst}`,
    (report, { facts }) => {
      const pod = facts[podFact]
      if (typeof pod !== 'string') return { holds: undefined, seen: `no ${podFact} was named` }
      const share = (report.byPod[pod] ?? 0) / report.total
      return {
        holds: share <= (limit.most ?? 1) && share >= (limit.least ?? 0),
        seen: `${report.byPod[pod] ?? 0} of ${report.total} (${percent(share)}) at ${pod}; ${counts(report.byPod)}`,
      }
    },
  )
}

/** Every call's latency lies between two times, in ms; they may depend on what else was observed. */
export function latencyWithin(
  burst: string,
  says: string,
  boundsOf: (observation: Observation) => { leastMs: number; mostMs: number },
): Expectation {
  return ofBurst(burst, `latencyWithin(${burst})`, says, ({ latencyMs }, observation) => {
    const { leastMs, mostMs } = boundsOf(observation)
    return {
      holds: latencyMs.min >= leastMs && latencyMs.max <= mostMs,
      seen: `${Math.round(latencyMs.min)} to ${Math.round(latencyMs.max)} ms, allowed ${Math.round(leastMs)} to ${Math.round(mostMs)} ms`,
    }
  })
}

/** A version answered a share of the calls that lies in a range, wide enough to need no statistics. */
export function versionShare(
  burst: string,
  version: string,
  { least = 0, most = 1 }: { least?: number; most?: number },
): Expectation {
  const says = `version ${version} answers ${percent(least)} to ${percent(most)} of ${burst}`
  return ofBurst(burst, `versionShare(${burst}, ${version})`, says, (report) => {
    const share = (report.byVersion[version] ?? 0) / report.total
    return { holds: share >= least && share <= most, seen: `versions ${counts(report.byVersion)} of ${report.total}` }
  })
}

/** No more than so many calls fail. */
export function failAtMost(burst: string, most: number, says: string): Expectation {
  return ofBurst(burst, `failAtMost(${burst}, ${most})`, says, (report) => {
    const failed = report.total - (report.byStatus['200'] ?? 0)
    return { holds: failed <= most, seen: `${failed} of ${report.total} failed; ${outcome(report)}` }
  })
}

/** So many calls succeeded; bounds may depend on the report, e.g. on how long it ran. */
export function admittedWithin(burst: string, says: string, boundsOf: (report: BurstReport) => Bounds): Expectation {
  return ofBurst(burst, `admittedWithin(${burst})`, says, (report) => {
    const { least, most } = boundsOf(report)
    const admitted = report.byStatus['200'] ?? 0
    return {
      holds: admitted >= least && admitted <= most,
      seen: `${admitted} of ${report.total} admitted, allowed ${least} to ${most}; ${outcome(report)}`,
    }
  })
}

/** Some calls failed, every one of them in one of these ways: status and origin as in `503 provider`. */
export function someFailAs(burst: string, ways: readonly string[], leastShare: number): Expectation {
  return ofBurst(
    burst,
    `someFailAs(${burst})`,
    `at least ${percent(leastShare)} of ${burst} fails, each time as ${ways.join(' or ')}`,
    (report) => {
      const failed = (report.calls ?? []).filter(({ origin }) => origin !== undefined)
      const wayOf = failed.map(({ status, origin }) => `${status ?? 'none'} ${origin}`)
      return {
        holds:
          failed.length >= leastShare * report.total && failed.length > 0 && wayOf.every((way) => ways.includes(way)),
        seen: `${failed.length} of ${report.total} failed; ${counts(tally(wayOf))}`,
      }
    },
  )
}

/** At least so many calls fail, by whatever part of the way is torn. */
export function failAtLeast(burst: string, least: number, says: string): Expectation {
  return ofBurst(burst, `failAtLeast(${burst}, ${least})`, says, (report) => {
    const failed = report.total - (report.byStatus['200'] ?? 0)
    return { holds: failed >= least, seen: `${failed} of ${report.total} failed; ${outcome(report)}` }
  })
}

/** At least so many calls were made. */
export function callsMade(burst: string, least: number): Expectation {
  return ofBurst(
    burst,
    `callsMade(${burst}, ${least})`,
    `at least ${least} calls of ${burst} are made`,
    ({ total }) => ({
      holds: total >= least,
      seen: `${total} calls`,
    }),
  )
}

/** A fact of the cluster, or of a step, is what it must be. */
export function factIs(
  fact: string,
  wanted: string | number | boolean,
  says: string,
  witness: Expectation['witness'] = 'cluster',
): Expectation {
  return {
    name: `factIs(${fact})`,
    says,
    witness,
    judge: ({ facts }) => ({
      holds: facts[fact] === undefined ? undefined : facts[fact] === wanted,
      seen: `${fact}: ${String(facts[fact] ?? 'nothing')}`,
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

function ofBurst(
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

function only(of: Counts, key: string, total: number): boolean {
  return of[key] === total && sum(of) === total
}

function sum(of: Counts): number {
  return Object.values(of).reduce((total, count) => total + count, 0)
}

function outcome({ byStatus, byOrigin }: BurstReport): string {
  return `status ${counts(byStatus)}${Object.keys(byOrigin).length === 0 ? '' : `, errors made by ${counts(byOrigin)}`}`
}

function tally(ways: readonly string[]): Record<string, number> {
  const of: Record<string, number> = {}
  for (const way of ways) of[way] = (of[way] ?? 0) + 1
  return of
}
