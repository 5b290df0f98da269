import Table from 'cli-table3'
import { createColors } from 'picocolors'
import type { FeatureResult, Verdict } from '../engine/result.ts'
import { duration } from '../engine/wording.ts'
import { phaseLines } from './phase-lines.ts'
import type { RunReport } from './run-report.ts'

export interface Look {
  colours: boolean
  /** Columns of the terminal; undefined where there is none. */
  columns: number | undefined
}

const WORD: Record<Verdict, string> = {
  proved: 'PROVED',
  failed: 'FAILED',
  'not-proved': 'NOT PROVED',
  skipped: 'SKIPPED',
  error: 'NO VERDICT',
}

/** The verdicts as a table, and below it, of each feature that was not proved, what was expected and seen, and where to look. */
export function toTerminal({ results, ending, reason }: RunReport, { colours, columns }: Look): string {
  const paint = createColors(colours)
  const shade = (verdict: Verdict) =>
    verdict === 'proved' ? paint.green : verdict === 'skipped' ? paint.yellow : paint.red
  const parts: string[] = []
  if (results.length > 0) {
    const width = Math.max(20, (columns ?? 120) - 48)
    const table = new Table({
      head: ['feature', 'verdict', 'why', 'time'],
      style: { head: [], border: [] },
      ...(columns === undefined ? {} : { colWidths: [18, 12, width, 9] }),
      wordWrap: true,
    })
    for (const { feature, verdict, reason: why, durationMs } of results) {
      table.push([feature, shade(verdict)(WORD[verdict]), why, duration(durationMs)])
    }
    parts.push(table.toString())
  }
  for (const result of results.filter(({ verdict }) => verdict !== 'proved' && verdict !== 'skipped')) {
    parts.push(failure(result, paint.bold(`${result.feature}: ${WORD[result.verdict]}`)))
  }
  if (results.length > 0) parts.push(summary(results))
  if (ending !== 'finished') parts.push(paint.red(ending === 'interrupted' ? reason : `Could not run: ${reason}`))
  return `${parts.join('\n\n')}\n`
}

function failure(
  { claim, reason, on, control, hints, witnessesDisagree, evidence }: FeatureResult,
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

/** `12 of 14 features proved, 1 failed, 1 skipped` */
export function summary(results: readonly FeatureResult[]): string {
  const count = (verdict: Verdict) => results.filter((result) => result.verdict === verdict).length
  const rest = (['failed', 'not-proved', 'error', 'skipped'] as const)
    .filter((verdict) => count(verdict) > 0)
    .map((verdict) => `, ${count(verdict)} ${WORD[verdict].toLowerCase()}`)
  return `${count('proved')} of ${results.length} features proved${rest.join('')}`
}
