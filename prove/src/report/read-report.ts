import { readFile } from 'node:fs/promises'
import { Value } from 'typebox/value'
import { type JsonReport, JsonReportSchema } from './json-report.ts'

/** A file that is not a report; the message says why. */
export class ReportError extends Error {}

/** Reads a report that `--json` wrote. Throws a ReportError. */
export async function readReport(file: string): Promise<JsonReport> {
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch (error) {
    throw new ReportError(`${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    })
  }
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw new ReportError(`${file} is not JSON. Name a file that \`--json\` wrote.`, { cause: error })
  }
  if (Value.Check(JsonReportSchema, value)) return value
  const [first] = Value.Errors(JsonReportSchema, value)
  throw new ReportError(
    `${file} is not a report of the prover: ${first?.instancePath || 'the whole'} ${first?.message ?? 'does not match'}. Name a file that \`--json\` wrote.`,
  )
}
