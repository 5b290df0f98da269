import type { JsonReport } from './json-report.ts'
import { VERDICTS } from './json-report.ts'

const LAST_SUCCESS = 'mesh_proof_last_success_timestamp_seconds'
const LAST_PROVED = 'mesh_proof_feature_last_proved_timestamp_seconds'

/**
 * The report as metrics for the textfile collector of Prometheus' node exporter. `previous` is the file that the run
 * before left: it provides the times of the last proof of each feature, and of the last run that proved all.
 * https://github.com/prometheus/docs/blob/main/docs/instrumenting/exposition_formats.md
 */
export function toTextfile(report: JsonReport, previous: string): string {
  const endedAt = Math.round((Date.parse(report.startedAt) + report.durationMs) / 1000)
  return [...ofTheRun(report, endedAt, previous), ...ofTheFeatures(report, endedAt, previous), info(report)].join('')
}

function ofTheRun({ exitCode, durationMs }: JsonReport, endedAt: number, previous: string): string[] {
  const lastSuccess = exitCode === 0 ? endedAt : valuesOf(previous, LAST_SUCCESS).get('')
  const success: [string, number][] = lastSuccess === undefined ? [] : [['', lastSuccess]]
  return [
    gauge('mesh_proof_last_run_timestamp_seconds', 'When the prover last ended a run.', [['', endedAt]]),
    gauge(LAST_SUCCESS, 'When a run last ended with exit code 0.', success),
    gauge('mesh_proof_exit_code', 'Exit code of the last run.', [['', exitCode]]),
    gauge('mesh_proof_duration_seconds', 'Duration of the last run.', [['', durationMs / 1000]]),
  ]
}

function ofTheFeatures({ features }: JsonReport, endedAt: number, previous: string): string[] {
  const lastProved = new Map(valuesOf(previous, LAST_PROVED))
  for (const { feature, verdict } of features) if (verdict === 'proved') lastProved.set(feature, endedAt)
  const byVerdict = VERDICTS.map(
    (verdict) => [labels({ verdict }), features.filter((feature) => feature.verdict === verdict).length] as const,
  )
  const proved = features.map(({ feature, verdict }) => [labels({ feature }), verdict === 'proved' ? 1 : 0] as const)
  const provedAt = [...lastProved].map(([feature, at]) => [labels({ feature }), at] as const)
  return [
    gauge('mesh_proof_features', 'Features of the last run by verdict.', byVerdict),
    gauge('mesh_proof_feature_proved', 'Whether the last run proved the feature.', proved),
    gauge(LAST_PROVED, 'When the feature was last proved.', provedAt),
  ]
}

function info({ cluster, versions }: JsonReport): string {
  const of = {
    linkerd: cluster?.linkerd ?? '',
    kubernetes: cluster?.kubernetes ?? '',
    gateway_api: cluster?.gatewayApi ?? '',
    prover: versions?.prover ?? '',
  }
  return gauge('mesh_proof_info', 'What the last run found and what made the report.', [[labels(of), 1]])
}

function gauge(name: string, help: string, samples: readonly (readonly [labels: string, value: number])[]): string {
  if (samples.length === 0) return ''
  const lines = samples.map(([of, value]) => `${name}${of} ${value}\n`)
  return `# HELP ${name} ${help}\n# TYPE ${name} gauge\n${lines.join('')}`
}

function labels(of: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(of).map(([name, value]) => `${name}="${escaped(value)}"`)
  return `{${pairs.join(',')}}`
}

function escaped(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')
}

/** Values of one family by their `feature` label; '' if there is none. */
function valuesOf(text: string, family: string): Map<string, number> {
  const lines = text.matchAll(/^(\w+)(?:\{feature="([^"\\]*)"\})? (\d+)$/gm)
  return new Map(
    [...lines].filter(([, name]) => name === family).map(([, , feature, value]) => [feature ?? '', Number(value)]),
  )
}
