import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Options } from '../options.ts'
import { type Comparison, compare } from './compare.ts'
import { type ConfigMapName, toConfigMap } from './config-map.ts'
import { toHtml } from './html/page.ts'
import type { JsonReport } from './json-report.ts'
import { toJUnit } from './junit.ts'
import { toMarkdown } from './markdown.ts'
import { ReportError, readReport } from './read-report.ts'
import { toSummary } from './summary-lines.ts'
import { toTerminal } from './terminal.ts'
import { toTextfile } from './textfile.ts'

type Wanted = Pick<
  Options,
  'json' | 'junit' | 'markdown' | 'html' | 'summary' | 'textfile' | 'configMap' | 'compare' | 'from'
>

/** Applies an object to the cluster, as its only field manager. */
export type ApplyObject = (object: object, namespace: string) => Promise<void>

/**
 * Prints the verdicts and writes each requested form of the report. Returns the run's exit code, or 2 instead of 0 if
 * something could not be written or compared. When an old report is only shown again, 0 means that everything was
 * written.
 */
export async function deliver(report: JsonReport, wanted: Wanted, apply: ApplyObject): Promise<number> {
  const problems: string[] = []
  const comparison = await comparisonWith(report, wanted.compare, problems)
  print(report, wanted, comparison)
  const forms: readonly [file: string | undefined, text: () => string][] = [
    [wanted.json, () => toJsonText(report)],
    [wanted.junit, () => toJUnit(report)],
    [wanted.markdown, () => toMarkdown(report, comparison)],
    [wanted.html, () => toHtml(report, comparison)],
    [wanted.summary, () => toSummary(report)],
  ]
  for (const [file, text] of forms) {
    if (file !== undefined) await write(file, text(), problems)
  }
  if (wanted.textfile !== undefined) await writeTextfile(wanted.textfile, report, problems)
  if (wanted.configMap !== undefined) await publish(wanted.configMap, report, comparison, apply, problems)
  for (const problem of problems) process.stderr.write(`${problem}\n`)
  const code = wanted.from === undefined ? report.exitCode : 0
  // A reader of the files must not take the run for a success.
  return code === 0 && problems.length > 0 ? 2 : code
}

function print(report: JsonReport, { json }: Wanted, comparison: Comparison | undefined): void {
  // A program that reads JSON from stdout expects nothing else there.
  const stream = json === '-' ? process.stderr : process.stdout
  const isPlain = process.env['NO_COLOR'] || process.env['TERM'] === 'dumb'
  const look = { colours: stream.isTTY === true && !isPlain, columns: stream.isTTY ? stream.columns : undefined }
  stream.write(toTerminal(report, look, comparison))
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

/** The collector may read at any moment, so the file is replaced atomically. */
async function writeTextfile(file: string, report: JsonReport, problems: string[]): Promise<void> {
  try {
    const previous = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return ''
      throw error
    })
    await mkdir(dirname(file), { recursive: true })
    await writeFile(`${file}.part`, toTextfile(report, previous))
    await rename(`${file}.part`, file)
  } catch (error) {
    problems.push(`The metrics could not be written: ${String(error)}`)
  }
}

async function publish(
  name: ConfigMapName,
  report: JsonReport,
  comparison: Comparison | undefined,
  apply: ApplyObject,
  problems: string[],
): Promise<void> {
  const forms = {
    summary: toSummary(report),
    'report.json': toJsonText(report),
    'report.md': toMarkdown(report, comparison),
    'report.html': toHtml(report, comparison),
  }
  try {
    await apply(toConfigMap(name, report, forms), name.namespace)
  } catch (error) {
    problems.push(`The ConfigMap ${name.name} could not be written: ${String(error)}`)
  }
}

function toJsonText(report: JsonReport): string {
  return `${JSON.stringify(report, null, 2)}\n`
}
