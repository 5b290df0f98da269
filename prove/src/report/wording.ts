import { duration } from '../expectations/wording.ts'
import type { Comparison, FeatureChange, FeatureChangeKind } from './compare.ts'
import type { FeatureReport, JsonReport, Verdict } from './json-report.ts'

/** Verdicts in the reader's words. */
export const VERDICT_WORD: Readonly<Record<Verdict, string>> = {
  proved: 'proved',
  failed: 'failed',
  'not-proved': 'not proved',
  skipped: 'skipped',
  error: 'no verdict',
}

/** How long a feature took, and which others were measured meanwhile: `57.0 s, with rollout`. */
export function timeWording({
  durationMs,
  measuredWith = [],
}: Pick<FeatureReport, 'durationMs'> & { measuredWith?: readonly string[] }): string {
  return [duration(durationMs), ...(measuredWith.length === 0 ? [] : [`with ${measuredWith.join(', ')}`])].join(', ')
}

/** `12 of 14 features proved, 1 failed, 1 skipped` */
export function summary(features: readonly Pick<FeatureReport, 'verdict'>[]): string {
  const count = (verdict: Verdict) => features.filter((feature) => feature.verdict === verdict).length
  const rest = (['failed', 'not-proved', 'error', 'skipped'] as const)
    .filter((verdict) => count(verdict) > 0)
    .map((verdict) => `, ${count(verdict)} ${VERDICT_WORD[verdict]}`)
  return `${count('proved')} of ${features.length} features proved${rest.join('')}`
}

/** One line for a whole run: the summary, or why there is none. */
export function outcome({ features, ending, reason }: Pick<JsonReport, 'features' | 'ending' | 'reason'>): string {
  const parts = features.length === 0 ? [] : [summary(features)]
  if (ending === 'interrupted') parts.push(reason)
  if (ending === 'could-not-run') parts.push(`could not run: ${reason}`)
  return parts.join('; ')
}

/** `27 November 2026, 16:22 UTC` */
export function moment(date: string): string {
  const options = { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' } as const
  return `${new Intl.DateTimeFormat('en-GB', options).format(new Date(date))}, ${date.slice(11, 16)} UTC`
}

/** How a feature's result changed since an earlier run. */
export const CHANGE_WORD: Readonly<Record<FeatureChangeKind, string>> = {
  regressed: 'regressed',
  changed: 'changed',
  removed: 'not in this run',
  added: 'new',
  recovered: 'recovered',
  same: 'unchanged',
}

/** `regressed: proved (2.7 s) before, failed (9.0 s) now` */
export function changeWording({ kind, before, after }: FeatureChange): string {
  const side = (one: FeatureChange['before'], when: string) =>
    one === null ? [] : [`${VERDICT_WORD[one.verdict]} (${duration(one.durationMs)}) ${when}`]
  const sides = [...side(before, 'before'), ...side(after, 'now')].join(', ')
  return `${CHANGE_WORD[kind]}: ${sides}`
}

/** `2 regressed, 1 recovered, 11 unchanged` */
export function comparisonSummary({ features }: Comparison): string {
  const parts = (Object.keys(CHANGE_WORD) as FeatureChangeKind[]).flatMap((kind) => {
    const count = features.filter((feature) => feature.kind === kind).length
    return count === 0 ? [] : [`${count} ${CHANGE_WORD[kind]}`]
  })
  return parts.length === 0 ? 'neither run has a feature' : parts.join(', ')
}

const REMOVAL_WORD: Readonly<Record<NonNullable<JsonReport['removal']>, string>> = {
  gone: 'gone',
  accepted: 'accepted by the cluster, not waited for',
  unconfirmed: 'requested, not confirmed',
  kept: 'kept',
}

const LIST = new Intl.ListFormat('en-GB')

/** `prove-1 and prove-1-3, 2 lanes` */
export function namespacesWording({
  namespace,
  lanes = 1,
  namespaces,
}: Pick<JsonReport, 'namespace' | 'lanes' | 'namespaces'>): string {
  // Earlier reports say how many there were, and not which.
  if (namespaces === undefined) return lanes > 1 ? `${namespace} to ${namespace}-${lanes}, ${lanes} lanes` : namespace
  if (namespaces.length < 2) return namespaces[0] ?? namespace
  return `${LIST.format(namespaces)}, ${namespaces.length} lanes`
}

/** What became of what the run created; undefined in a report that does not say. */
export function removalWording({ removal }: Pick<JsonReport, 'removal'>): string | undefined {
  return removal === undefined ? undefined : REMOVAL_WORD[removal]
}
