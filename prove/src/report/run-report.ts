import type { ExitCode } from '../engine/exit-code.ts'
import type { Finding } from '../engine/expectation.ts'
import type { Ending, FeatureResult, PhaseResult } from '../engine/result.ts'
import type { JsonReport } from './json-report.ts'

/** All that a run has to tell. */
export interface RunReport {
  startedAt: Date
  durationMs: number
  ending: Ending
  /** Why the run could not begin or go on; else empty. */
  reason: string
  exitCode: ExitCode
  cluster: NonNullable<JsonReport['cluster']> | undefined
  namespace: string
  seed: number
  results: readonly FeatureResult[]
}

/** The report for programs. */
export function toJson(report: RunReport): JsonReport {
  const { startedAt, results, cluster, ...rest } = report
  return {
    version: 1,
    startedAt: startedAt.toISOString(),
    ...rest,
    cluster: cluster ?? null,
    features: results.map(({ on, control, ...result }) => ({
      ...result,
      hints: [...result.hints],
      commands: [...result.commands],
      on: phaseJson(on),
      control: phaseJson(control),
    })),
  }
}

function phaseJson(phase: PhaseResult | undefined) {
  if (phase === undefined) return null
  const { settled, findings, ...rest } = phase
  return { ...rest, settled: settled ?? null, findings: findings.map(findingJson) }
}

function findingJson(finding: Finding) {
  return { ...finding, holds: finding.holds ?? null }
}
