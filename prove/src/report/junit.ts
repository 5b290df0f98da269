import { create } from 'xmlbuilder2'
import type { FeatureReport, JsonReport } from './json-report.ts'
import { phaseLines } from './phase-lines.ts'

/**
 * The report as JUnit XML: one test case per feature, and an extra one for a run that could not begin or was
 * interrupted.
 */
export function toJUnit({ features, ending, reason, durationMs, startedAt }: JsonReport): string {
  const failures = features.filter(({ verdict }) => verdict === 'failed' || verdict === 'not-proved').length
  const errors = features.filter(({ verdict }) => verdict === 'error').length + (ending === 'finished' ? 0 : 1)
  const skipped = features.filter(({ verdict }) => verdict === 'skipped').length
  const tests = features.length + (ending === 'finished' ? 0 : 1)
  const totals = { tests, failures, errors, skipped, time: seconds(durationMs) }
  const document = create({ version: '1.0', encoding: 'UTF-8', invalidCharReplacement: '\uFFFD' })
  const suite = document
    .ele('testsuites', totals)
    .ele('testsuite', { name: 'linkerd-scenario prove', timestamp: startedAt, ...totals })
  for (const result of features) {
    const test = suite.ele('testcase', { classname: 'prove', name: result.feature, time: seconds(result.durationMs) })
    const outcome = OUTCOME[result.verdict]
    if (outcome === undefined) test.ele('system-out').txt(details(result, []))
    else test.ele(outcome, { message: result.reason, type: result.verdict }).txt(details(result, result.hints))
  }
  if (ending !== 'finished') {
    suite.ele('testcase', { classname: 'prove', name: 'run' }).ele('error', { message: reason, type: ending })
  }
  return `${document.end({ prettyPrint: true })}\n`
}

const OUTCOME = {
  proved: undefined,
  failed: 'failure',
  'not-proved': 'failure',
  error: 'error',
  skipped: 'skipped',
} as const

function seconds(ms: number): string {
  return (ms / 1000).toFixed(3)
}

function details({ claim, reason, on, control, evidence }: FeatureReport, hints: readonly string[]): string {
  return [
    claim,
    reason,
    ...phaseLines(on),
    ...phaseLines(control),
    ...hints.map((hint) => `Perhaps: ${hint}`),
    ...(evidence === undefined ? [] : [`Logs, events and metrics: ${evidence}`]),
  ].join('\n')
}
