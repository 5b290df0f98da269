import { binomialBounds, FALSE_ALARM } from '@linkerd-scenario/contract/promises'
import { detectable, POWER } from './detectable-share.ts'
import type { Expectation } from './expectation.ts'
import { ofBurst, only } from './of-burst.ts'
import { counts, percent } from './wording.ts'

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

/** A version's share of the calls lies in a range that is wide enough to need no statistics. */
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

/** A version answered its share of the calls, within the binomial bounds for that many calls. */
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

/** The pod named by the fact took at most (or at least) a share of the calls, failures included. */
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
