import type { JsonReport } from './json-report.ts'
import { outcome, VERDICT_WORD } from './wording.ts'

/**
 * Maximum length of a container's termination message, in bytes.
 * https://kubernetes.io/docs/tasks/debug/debug-application/determine-reason-pod-failure/
 */
const MOST_BYTES = 4096

/** The summary, and a line for each unproved feature. At most 4096 bytes, so that it fits a termination message. */
export function toSummary(report: JsonReport): string {
  const lines = report.features
    .filter(({ verdict }) => verdict !== 'proved')
    .map(({ feature, verdict, reason }) => `${feature}: ${VERDICT_WORD[verdict]}. ${reason}`)
  return shortened(`${[outcome(report), ...lines].join('\n')}\n`)
}

function shortened(text: string): string {
  if (Buffer.byteLength(text) <= MOST_BYTES) return text
  // A character that would be cut in half is left out.
  return `${Buffer.from(text)
    .subarray(0, MOST_BYTES - 8)
    .toString()
    .replace(/\uFFFD$/, '')}…\n`
}
