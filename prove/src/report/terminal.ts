import Table from 'cli-table3'
import { createColors } from 'picocolors'
import { duration } from '../expectations/wording.ts'
import type { Comparison } from './compare.ts'
import type { FeatureReport, JsonReport, Verdict } from './json-report.ts'
import { phaseLines } from './phase-lines.ts'
import { changeWording, comparisonSummary, moment, summary, VERDICT_WORD } from './wording.ts'

/** Where the text is shown. */
export interface Screen {
  colours: boolean
  /** Columns of the terminal; undefined without a terminal. */
  columns: number | undefined
}

/**
 * The verdicts as a table. Below it, for each unproved feature: what was expected, what was observed, and where to
 * look.
 */
export function toTerminal(
  { features, ending, reason }: JsonReport,
  { colours, columns }: Screen,
  comparison?: Comparison,
): string {
  const paint = createColors(colours)
  const shade = (verdict: Verdict) =>
    verdict === 'proved' ? paint.green : verdict === 'skipped' ? paint.yellow : paint.red
  const parts: string[] = []
  if (features.length > 0) {
    // A name has no blank to break at, and would be cut off.
    const nameWidth =
      Math.max(...['feature', ...features.map(({ feature }) => feature)].map(({ length }) => length)) + 2
    const width = Math.max(20, (columns ?? 120) - 30 - nameWidth)
    const table = new Table({
      head: ['feature', 'verdict', 'why', 'time'],
      style: { head: [], border: [] },
      ...(columns === undefined ? {} : { colWidths: [nameWidth, 12, width, 9] }),
      wordWrap: true,
    })
    for (const { feature, verdict, reason: why, durationMs } of features) {
      table.push([feature, shade(verdict)(VERDICT_WORD[verdict].toUpperCase()), why, duration(durationMs)])
    }
    parts.push(table.toString())
  }
  for (const result of features.filter(({ verdict }) => verdict !== 'proved' && verdict !== 'skipped')) {
    parts.push(failure(result, paint.bold(`${result.feature}: ${VERDICT_WORD[result.verdict].toUpperCase()}`)))
  }
  if (features.length > 0) parts.push(summary(features))
  if (comparison !== undefined) parts.push(comparisonLines(comparison).join('\n'))
  if (ending !== 'finished') parts.push(paint.red(ending === 'interrupted' ? reason : `Could not run: ${reason}`))
  return `${parts.join('\n\n')}\n`
}

function failure(
  { claim, reason, on, control, hints, witnessesDisagree, evidence }: FeatureReport,
  title: string,
): string {
  return [
    title,
    `  ${claim}`,
    `  ${reason}`,
    ...[...phaseLines(on), ...phaseLines(control)].map((line) => `  ${line}`),
    ...(witnessesDisagree ? ['  The services and the proxies contradict each other.'] : []),
    ...hints.map((hint) => `  Perhaps: ${hint}`),
    ...(evidence === undefined ? [] : [`  Logs, events and metrics: ${evidence}`]),
  ].join('\n')
}

function comparisonLines(comparison: Comparison): string[] {
  const changed = comparison.features.filter(({ kind, expectations }) => kind !== 'same' || expectations.length > 0)
  return [
    `Compared with the run of ${moment(comparison.before)}: ${comparisonSummary(comparison)}`,
    ...comparison.versions.map(({ name, before, after }) => `  ${name}: ${before} before, ${after} now`),
    ...changed.flatMap((change) => [
      `  ${change.feature}: ${changeWording(change)}`,
      ...change.expectations.map((line) => `    ${line}`),
    ]),
  ]
}
