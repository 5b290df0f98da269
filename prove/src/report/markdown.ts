import { duration } from '../expectations/wording.ts'
import { aboutByHand } from './by-hand-files.ts'
import type { Comparison } from './compare.ts'
import type { FeatureReport, JsonReport, PhaseReport } from './json-report.ts'
import {
  changeWording,
  comparisonSummary,
  moment,
  namespacesWording,
  removalWording,
  summary,
  timeWording,
  VERDICT_WORD,
} from './wording.ts'

/** The report as Markdown, for a pull request or a wiki. */
export function toMarkdown(report: JsonReport, comparison?: Comparison): string {
  return [
    ...head(report),
    ...(comparison === undefined ? [] : comparisonSection(comparison)),
    ...verdictTable(report.features),
    ...report.features.flatMap(featureSection),
    ...byHandSection(report),
  ].join('\n')
}

function head(report: JsonReport): string[] {
  const { features, ending, reason, cluster, startedAt, durationMs, exitCode, seed } = report
  const removal = removalWording(report)
  return [
    `# Mesh proof: ${features.length === 0 ? ending : summary(features)}`,
    '',
    ending === 'finished' ? '' : `**${ending}**: ${cell(reason)}\n`,
    cluster === null
      ? 'No cluster was reached.'
      : `Context \`${cluster.context}\`, Kubernetes ${cluster.kubernetes}, Linkerd ${cluster.linkerd}, Gateway API ${cluster.gatewayApi}.`,
    `${moment(startedAt)}, ${duration(durationMs)}, seed ${seed}, exit code ${exitCode}.`,
    `Namespace ${namespacesWording(report)}${removal === undefined ? '' : `; its removal: ${removal}`}.`,
    '',
  ]
}

function comparisonSection(comparison: Comparison): string[] {
  const { before, versions, features } = comparison
  return [
    `## Compared with the run of ${moment(before)}`,
    '',
    `Features: ${comparisonSummary(comparison)}.`,
    '',
    ...versions.map(({ name, before: old, after }) => `- ${name}: ${cell(old)} before, ${cell(after)} now`),
    ...features
      .filter(({ kind, expectations }) => kind !== 'same' || expectations.length > 0)
      .flatMap((change) => [
        `- **${cell(change.feature)}**: ${changeWording(change)}`,
        ...change.expectations.map((line) => `  - ${cell(line)}`),
      ]),
    '',
  ]
}

function verdictTable(features: readonly FeatureReport[]): string[] {
  if (features.length === 0) return []
  const rows = features.map((result) => {
    const { feature, verdict, reason } = result
    return `| ${cell(feature)} | ${VERDICT_WORD[verdict]} | ${cell(reason)} | ${timeWording(result)} |`
  })
  return ['| feature | verdict | why | time |', '| --- | --- | --- | --- |', ...rows, '']
}

function byHandSection(report: JsonReport): string[] {
  const { byHand } = report
  if (byHand === undefined) return []
  return [
    '## Repeat it by hand',
    '',
    aboutByHand(report),
    'The files are in the page and in the JSON report, e.g. `jq -r \'.byHand.files["base.yaml"]\' REPORT.json`.',
    '',
    '```sh',
    ...byHand.setUp,
    '```',
    '',
    'To remove everything:',
    '',
    '```sh',
    ...byHand.end,
    '```',
    '',
  ]
}

function featureSection(result: FeatureReport): string[] {
  const { feature, claim, on, control, witnessesDisagree, hints, verdict, commands } = result
  return [
    `<details${verdict === 'proved' ? '' : ' open'}><summary>${cell(feature)}: ${cell(claim)}</summary>`,
    '',
    ...phaseTable('on', on),
    ...phaseTable('control', control),
    ...(witnessesDisagree ? ['The services and the proxies contradict each other.', ''] : []),
    ...(verdict === 'proved' ? [] : hints.map((hint) => `- ${hint}`)),
    '',
    ...(commands.length === 0 ? [] : ['```sh', ...commands, '```', '']),
    '</details>',
    '',
  ]
}

function phaseTable(name: string, phase: PhaseReport | null): string[] {
  if (phase === null) return []
  return [
    `| ${name}: ${cell(phase.state)} | seen | witness | |`,
    '| --- | --- | --- | --- |',
    ...phase.findings.map(
      ({ says, seen, witness, holds }) =>
        `| ${cell(says)} | ${cell(seen)} | ${witness} | ${holds === true ? 'holds' : '**missed**'} |`,
    ),
    '',
  ]
}

function cell(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('|', '\\|').replaceAll('\n', ' ').replaceAll('<', '&lt;')
}
