import { expect, test } from 'vitest'
import type { JsonReport, Verdict } from './json-report.ts'
import { toTextfile } from './textfile.ts'

const report = (startedAt: string, exitCode: number, verdicts: Record<string, Verdict>): JsonReport => ({
  version: 1,
  startedAt,
  durationMs: 60_500,
  ending: 'finished',
  reason: '',
  exitCode,
  cluster: { context: 'c', server: 's', kubernetes: 'v1.36.1', linkerd: 'edge "26"\\8', gatewayApi: 'v1.4.1' },
  namespace: 'n',
  seed: 1,
  features: Object.entries(verdicts).map(([feature, verdict]) => ({
    feature,
    claim: '',
    verdict,
    reason: '',
    witnessesDisagree: false,
    on: null,
    control: null,
    hints: [],
    durationMs: 1,
    commands: [],
  })),
})

test('the times of the last proof and the last success survive a failed run', () => {
  const first = toTextfile(report('2026-11-27T00:00:00.000Z', 0, { retries: 'proved', egress: 'proved' }), '')
  expect(first).toContain('mesh_proof_last_success_timestamp_seconds 1795737661\n')
  const second = toTextfile(report('2026-11-28T00:00:00.000Z', 1, { retries: 'failed', egress: 'proved' }), first)
  expect(second).toContain('mesh_proof_last_run_timestamp_seconds 1795824061\n')
  expect(second).toContain('mesh_proof_last_success_timestamp_seconds 1795737661\n')
  expect(second).toContain('mesh_proof_feature_last_proved_timestamp_seconds{feature="retries"} 1795737661\n')
  expect(second).toContain('mesh_proof_feature_last_proved_timestamp_seconds{feature="egress"} 1795824061\n')
  expect(second).toContain('mesh_proof_feature_proved{feature="retries"} 0\n')
  expect(second).toContain('mesh_proof_features{verdict="failed"} 1\n')
})

test('what was never proved has no time, instead of a wrong one', () => {
  const text = toTextfile(report('2026-11-27T00:00:00.000Z', 1, { retries: 'failed' }), 'not a metric\n')
  expect(text).not.toContain('last_success')
  expect(text).not.toContain('last_proved')
})

test('labels are escaped', () => {
  expect(toTextfile(report('2026-11-27T00:00:00.000Z', 2, {}), '')).toContain('linkerd="edge \\"26\\"\\\\8"')
})
