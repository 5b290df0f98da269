import type { FeatureReport, JsonReport, PhaseReport, Verdict } from './json-report.ts'

/** Something that both runs name and that differs between them. */
export interface Change {
  name: string
  before: string
  after: string
}

/**
 * regressed: proved before, and denied now. recovered: not proved before, and proved now. changed: any other change of
 * the verdict, e.g. to one that does not judge the mesh. added, removed: only one of the runs has the feature.
 */
export type FeatureChangeKind = 'regressed' | 'recovered' | 'changed' | 'added' | 'removed' | 'same'

export interface FeatureChange {
  feature: string
  kind: FeatureChangeKind
  /** null if the run does not have the feature. */
  before: Pick<FeatureReport, 'verdict' | 'durationMs'> | null
  after: Pick<FeatureReport, 'verdict' | 'durationMs' | 'reason'> | null
  /** Expectations that only one of the runs has, or that held in only one of them. */
  expectations: string[]
}

/** What changed between two runs. */
export interface Comparison {
  /** When the older run began. */
  before: string
  /** Versions and places that differ. */
  versions: Change[]
  /** Changes for the worse come first. */
  features: FeatureChange[]
}

const ORDER: readonly FeatureChangeKind[] = ['regressed', 'changed', 'removed', 'added', 'recovered', 'same']

/** Compares a run with an older one, feature by feature. */
export function compare(old: JsonReport, current: JsonReport): Comparison {
  const names = new Set([...current.features, ...old.features].map(({ feature }) => feature))
  const features = [...names].map((name) => featureChange(name, featureOf(old, name), featureOf(current, name)))
  return {
    before: old.startedAt,
    versions: changesOf(versionsOf(old), versionsOf(current)),
    features: features.sort((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind)),
  }
}

function featureOf({ features }: JsonReport, name: string): FeatureReport | undefined {
  return features.find(({ feature }) => feature === name)
}

type NamedVersion = [name: string, version: string]

/** What only one of the runs names is no change: older reports name fewer. */
function changesOf(old: readonly NamedVersion[], current: readonly NamedVersion[]): Change[] {
  const now = new Map(current)
  return old.flatMap(([name, before]) => {
    const after = now.get(name) ?? before
    return before === after ? [] : [{ name, before, after }]
  })
}

function versionsOf({ cluster, versions }: JsonReport): NamedVersion[] {
  const { kubectl, proxies = [], digests = {} } = versions ?? {}
  return [
    ['Linkerd', cluster?.linkerd ?? 'unknown'],
    ...(proxies.length === 0 ? [] : [['Proxies', proxies.join(', ')] as NamedVersion]),
    ['Kubernetes', cluster?.kubernetes ?? 'unknown'],
    ['Gateway API', cluster?.gatewayApi ?? 'unknown'],
    ['Context', cluster?.context ?? 'unknown'],
    ['Images', versions?.images.join(', ') ?? 'unknown'],
    ...Object.entries(digests).map(([image, digest]): NamedVersion => [`Image ${image}`, digest]),
    ...(kubectl === undefined ? [] : [['kubectl', kubectl] as NamedVersion]),
    ['Prover', versions?.prover ?? 'unknown'],
    ['Node.js', versions?.node ?? 'unknown'],
  ]
}

function featureChange(
  feature: string,
  before: FeatureReport | undefined,
  after: FeatureReport | undefined,
): FeatureChange {
  return {
    feature,
    kind: kindOf(before?.verdict, after?.verdict),
    before: before === undefined ? null : { verdict: before.verdict, durationMs: before.durationMs },
    after: after === undefined ? null : { verdict: after.verdict, durationMs: after.durationMs, reason: after.reason },
    expectations:
      before === undefined || after === undefined
        ? []
        : [...changedExpectations(before.on, after.on), ...changedExpectations(before.control, after.control)],
  }
}

function kindOf(before: Verdict | undefined, after: Verdict | undefined): FeatureChangeKind {
  if (before === undefined) return 'added'
  if (after === undefined) return 'removed'
  if (before === after) return 'same'
  if (after === 'proved') return 'recovered'
  return before === 'proved' && (after === 'failed' || after === 'not-proved') ? 'regressed' : 'changed'
}

/** If one of the runs did not reach a phase, every expectation changes: the verdict already says so. */
function changedExpectations(before: PhaseReport | null, after: PhaseReport | null): string[] {
  if (before === null || after === null) return []
  const lines = after.findings.flatMap(({ says, holds, seen }) => {
    const old = before.findings.find((finding) => finding.says === says)
    if (old === undefined) return [`${after.state}: new: ${says}. Seen: ${seen}`]
    if (old.holds === holds) return []
    return [`${after.state}: ${says}: ${word(old.holds)} before, ${word(holds)} now. Seen: ${seen}`]
  })
  const gone = before.findings
    .filter(({ says }) => after.findings.every((finding) => finding.says !== says))
    .map(({ says }) => `${after.state}: no longer looked at: ${says}`)
  return [...lines, ...gone]
}

function word(holds: boolean | null): string {
  return holds === null ? 'not seen' : holds ? 'held' : 'missed'
}
