import { mkdir, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Options } from '../options.ts'
import { type Comparison, compare } from './compare.ts'
import { toHtml } from './html/page.ts'
import type { JsonReport } from './json-report.ts'
import { toJUnit } from './junit.ts'
import { toMarkdown } from './markdown.ts'
import { ReportError, readReport } from './read-report.ts'
import { toTerminal } from './terminal.ts'

type Wanted = Pick<Options, 'json' | 'junit' | 'markdown' | 'html' | 'compare' | 'from'>

/**
 * Prints the verdicts and writes each form of the report that was asked for. Returns the exit code: the run's own, or 2
 * in place of 0 where something could not be written or compared. Where a report is only shown again, 0 says that all
 * was written.
 */
export async function deliver(report: JsonReport, wanted: Wanted): Promise<number> {
  const problems: string[] = []
  const comparison = await comparisonWith(report, wanted.compare, problems)
  // A program that reads JSON from stdout wants nothing else there.
  const stream = wanted.json === '-' ? process.stderr : process.stdout
  const isPlain = process.env['NO_COLOR'] || process.env['TERM'] === 'dumb'
  const look = { colours: stream.isTTY === true && !isPlain, columns: stream.isTTY ? stream.columns : undefined }
  stream.write(toTerminal(report, look, comparison))
  const forms: readonly [file: string | undefined, text: () => string][] = [
    [wanted.json, () => `${JSON.stringify(report, null, 2)}\n`],
    [wanted.junit, () => toJUnit(report)],
    [wanted.markdown, () => toMarkdown(report, comparison)],
    [wanted.html, () => toHtml(report, comparison)],
  ]
  for (const [file, text] of forms) {
    if (file !== undefined) await write(file, text(), problems)
  }
  for (const problem of problems) process.stderr.write(`${problem}\n`)
  const code = wanted.from === undefined ? report.exitCode : 0
  // Who reads the files must not take the run for a success.
  return code === 0 && problems.length > 0 ? 2 : code
}

async function comparisonWith(
  report: JsonReport,
  file: string | undefined,
  problems: string[],
): Promise<Comparison | undefined> {
  if (file === undefined) return undefined
  try {
    return compare(await readReport(file), report)
  } catch (error) {
    if (!(error instanceof ReportError)) throw error
    problems.push(`Nothing was compared: ${error.message}`)
    return undefined
  }
}

async function write(file: string, text: string, problems: string[]): Promise<void> {
  if (file === '-') return void process.stdout.write(text)
  try {
    await mkdir(dirname(file), { recursive: true })
    await writeFile(file, text)
  } catch (error) {
    problems.push(`The report could not be written: ${String(error)}`)
  }
}
