import type { Bounds, CaseReport, Row } from './case.ts'

export interface NamedReport extends CaseReport {
  name: string
  title: string
  tookSeconds: number
}

/** Whether a row is within its bounds; undefined if it has none. */
export function holds({ mustBe, ratio, subject }: Row): boolean | undefined {
  if (mustBe === undefined) return undefined
  const value = ratio?.median ?? subject
  return value <= (mustBe.atMost ?? Number.POSITIVE_INFINITY) && value >= (mustBe.atLeast ?? Number.NEGATIVE_INFINITY)
}

const HEADINGS = ['', 'here', 'baseline', 'ratio', 'half of the pairs in', 'must be', '']

/** A report as text, with one table per case. */
export function table({ name, title, tookSeconds, rows, wrong, notes = [] }: NamedReport): string {
  const lines = [HEADINGS, ...rows.map(cells)]
  const widths = HEADINGS.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)))
  const body = lines.map((line) =>
    line.map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0))),
  )
  const remarks = wrong === 0 ? notes : [`${wrong} ANSWERS WERE WRONG: the figures mean nothing`, ...notes]
  return [
    `${name}: ${title} (${tookSeconds} s)`,
    ...body.map((line) => `  ${line.join('  ').trimEnd()}`),
    ...remarks.map((note) => `  ${note}`),
  ].join('\n')
}

function cells(row: Row): string[] {
  const { what, unit, subject, baseline, ratio } = row
  const verdict = holds(row)
  return [
    what,
    `${figure(subject)} ${unit}`,
    baseline === undefined ? '' : `${figure(baseline)} ${unit}`,
    ratio === undefined ? '' : ratio.median.toFixed(2),
    ratio === undefined ? '' : `${ratio.q1.toFixed(2)}–${ratio.q3.toFixed(2)}`,
    row.mustBe === undefined ? '' : limits(row.mustBe),
    verdict === undefined ? '' : verdict ? 'holds' : 'MISSED',
  ]
}

function limits({ atLeast, atMost }: Bounds): string {
  if (atLeast === undefined) return `≤ ${atMost}`
  return atMost === undefined ? `≥ ${atLeast}` : `${atLeast}–${atMost}`
}

/** Three significant digits; whole numbers from 100 on. */
export function figure(value: number): string {
  return value >= 100 ? String(Math.round(value)) : String(Number(value.toPrecision(3)))
}
