import type { PhaseResult } from '../engine/result.ts'
import { duration } from '../engine/wording.ts'
import type { RunReport } from './run-report.ts'

/** The report as Markdown, for a pull request or a wiki. */
export function toMarkdown({ results, ending, reason, cluster, durationMs, exitCode }: RunReport): string {
  const proved = results.filter(({ verdict }) => verdict === 'proved').length
  const head = [
    `# Proof of the mesh: ${results.length === 0 ? ending : `${proved} of ${results.length} features proved`}`,
    '',
    ending === 'finished' ? '' : `**${ending}**: ${cell(reason)}\n`,
    cluster === undefined
      ? 'No cluster was reached.'
      : `Context \`${cluster.context}\`, Kubernetes ${cluster.kubernetes}, Linkerd ${cluster.linkerd}, Gateway API ${cluster.gatewayApi}; ${duration(durationMs)}, exit code ${exitCode}.`,
    '',
  ]
  const table =
    results.length === 0
      ? []
      : [
          '| feature | verdict | why | time |',
          '| --- | --- | --- | --- |',
          ...results.map(
            ({ feature, verdict, reason: why, durationMs: took }) =>
              `| ${feature} | ${verdict} | ${cell(why)} | ${duration(took)} |`,
          ),
          '',
        ]
  const details = results.flatMap(({ feature, claim, on, control, witnessesDisagree, hints, verdict, commands }) => [
    `<details${verdict === 'proved' ? '' : ' open'}><summary>${feature}: ${claim}</summary>`,
    '',
    ...phaseTable('on', on),
    ...phaseTable('control', control),
    ...(witnessesDisagree ? ['The services and the proxies contradict each other.', ''] : []),
    ...(verdict === 'proved' ? [] : hints.map((hint) => `- ${hint}`)),
    '',
    ...(commands.length === 0 ? [] : ['```sh', ...commands, '```', '']),
    '</details>',
    '',
  ])
  return [...head, ...table, ...details].join('\n')
}

function phaseTable(name: string, phase: PhaseResult | undefined): string[] {
  if (phase === undefined) return []
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
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ').replaceAll('<', '&lt;')
}
