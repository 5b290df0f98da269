import type { BurstReport } from '@linkerd-scenario/contract'
import type { Bounds } from '@linkerd-scenario/contract/promises'
import type { Expectation } from './expectation.ts'
import type { Observation } from './observation.ts'
import { ofBurst, only, sum } from './of-burst.ts'
import { counts, percent } from './wording.ts'

/** Every call of the burst was answered with 200 by a provider. */
export function allSucceed(burst: string): Expectation {
  return ofBurst(burst, `allSucceed(${burst})`, `every call of ${burst} is answered 200 by a provider`, (report) => ({
    holds: only(report.byStatus, '200', report.total) && sum(report.byVersion) === report.total,
    seen: outcome(report),
  }))
}

/**
 * Every call of the burst failed with this status, and this origin made the error. So an unresolved name or a refused
 * connection never counts as a denial. `proxy` says whose proxy must have failed the call: the caller's own (outbound:
 * it gives a reason) or another one's (inbound: it gives none).
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

/** Each answer, or each failure that a service made, belongs to the given attempt of its request. */
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

/**
 * The provider saw every call under the identity of this ServiceAccount in the run's namespace; null: without identity.
 */
export function callerIs(burst: string, account: string | null): Expectation {
  const says =
    account === null
      ? `the provider sees no identity on any call of ${burst}`
      : `the provider sees the identity of the ServiceAccount ${account} on every call of ${burst}`
  return ofBurst(burst, `callerIs(${burst}, ${account})`, says, (report, { facts }) => ({
    holds:
      Object.keys(report.byCaller).every((caller) => isCaller(caller, account, facts)) &&
      sum(report.byCaller) === report.total,
    seen: `identities ${counts(report.byCaller)} of ${report.total} calls`,
  }))
}

function isCaller(caller: string, account: string | null, facts: Observation['facts']): boolean {
  if (account === null) return caller === 'none'
  return caller === `${account}.${String(facts['namespace'])}.serviceaccount.${String(facts['identityDomain'])}`
}

/** Every call's latency lies within bounds, in ms, which may depend on the rest of the observation. */
export function latencyWithin(
  burst: string,
  says: string,
  boundsOf: (observation: Observation) => { leastMs: number; mostMs: number },
): Expectation {
  return ofBurst(burst, `latencyWithin(${burst})`, says, ({ latencyMs }, observation) => {
    const { leastMs, mostMs } = boundsOf(observation)
    return {
      holds: latencyMs.min >= leastMs && latencyMs.max <= mostMs,
      seen: `${Math.round(latencyMs.min)} to ${Math.round(latencyMs.max)} ms, ${range(leastMs, mostMs)}`,
    }
  })
}

/** The median latency lies within bounds, in ms: a short pause of the machine does not affect it. */
export function medianWithin(
  burst: string,
  says: string,
  boundsOf: (observation: Observation) => { leastMs: number; mostMs: number },
): Expectation {
  return ofBurst(burst, `medianWithin(${burst})`, says, ({ latencyMs: { p50 } }, observation) => {
    const { leastMs, mostMs } = boundsOf(observation)
    return { holds: p50 >= leastMs && p50 <= mostMs, seen: `median ${Math.round(p50)} ms, ${range(leastMs, mostMs)}` }
  })
}

function range(leastMs: number, mostMs: number): string {
  const least = Math.round(leastMs)
  return mostMs === Number.POSITIVE_INFINITY
    ? `expected at least ${least} ms`
    : `allowed ${least} to ${Math.round(mostMs)} ms`
}

/** At most this many calls failed. */
export function failAtMost(burst: string, most: number, says: string): Expectation {
  return ofBurst(burst, `failAtMost(${burst}, ${most})`, says, (report) => {
    const failed = report.total - (report.byStatus['200'] ?? 0)
    return { holds: failed <= most, seen: `${failed} of ${report.total} failed; ${outcome(report)}` }
  })
}

/** This many calls succeeded; the bounds may depend on the report, e.g. on its duration. */
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

/** Some calls failed, all of them in one of these ways: status and origin as in `503 provider`. */
export function someFailAs(burst: string, ways: readonly string[], leastShare: number): Expectation {
  return ofBurst(
    burst,
    `someFailAs(${burst})`,
    `at least ${percent(leastShare)} of ${burst} fails, each time as ${ways.join(' or ')}`,
    (report) => {
      const failures = waysOf(report)
      const areEnough = failures.length >= leastShare * report.total && failures.length > 0
      return {
        holds: areEnough && failures.every((way) => ways.includes(way)),
        seen: failureCounts(report, failures),
      }
    },
  )
}

/** If any calls failed, they failed in these ways: status and origin as in `429 provider`. */
export function failOnlyAs(burst: string, ways: readonly string[]): Expectation {
  return ofBurst(burst, `failOnlyAs(${burst})`, `no call of ${burst} fails but as ${ways.join(' or ')}`, (report) => {
    const failures = waysOf(report)
    return { holds: failures.every((way) => ways.includes(way)), seen: failureCounts(report, failures) }
  })
}

/** At least this many calls failed, wherever the path was broken. */
export function failAtLeast(burst: string, least: number, says: string): Expectation {
  return ofBurst(burst, `failAtLeast(${burst}, ${least})`, says, (report) => {
    const failed = report.total - (report.byStatus['200'] ?? 0)
    return { holds: failed >= least, seen: `${failed} of ${report.total} failed; ${outcome(report)}` }
  })
}

/** At least this many calls were made. */
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

function outcome({ byStatus, byOrigin }: BurstReport): string {
  return `status ${counts(byStatus)}${Object.keys(byOrigin).length === 0 ? '' : `, errors made by ${counts(byOrigin)}`}`
}

/** How the failed calls failed: status and origin of the error. */
function waysOf({ calls = [] }: BurstReport): string[] {
  return calls.filter(({ origin }) => origin !== undefined).map(({ status, origin }) => `${status ?? 'none'} ${origin}`)
}

function failureCounts({ total }: BurstReport, failures: readonly string[]): string {
  return `${failures.length} of ${total} failed; ${counts(tally(failures))}`
}

function tally(ways: readonly string[]): Record<string, number> {
  const of: Record<string, number> = {}
  for (const way of ways) of[way] = (of[way] ?? 0) + 1
  return of
}
