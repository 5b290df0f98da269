import { expect, test } from 'vitest'
import type { JsonReport } from './json-report.ts'
import { toSummary } from './summary-lines.ts'

const report = (reason: string): JsonReport => ({
  version: 1,
  startedAt: '2026-11-27T16:22:53.909Z',
  durationMs: 1,
  ending: 'finished',
  reason: '',
  exitCode: 1,
  cluster: null,
  namespace: 'n',
  seed: 1,
  features: (['proved', 'failed'] as const).map((verdict) => ({
    feature: `the-${verdict}`,
    claim: '',
    verdict,
    reason,
    witnessesDisagree: false,
    on: null,
    control: null,
    hints: [],
    durationMs: 1,
    commands: [],
  })),
})

test('the summary names what was not proved, and why', () => {
  expect(toSummary(report('seen: 3'))).toBe('1 of 2 features proved, 1 failed\nthe-failed: failed. seen: 3\n')
})

test('it fits a termination message, whatever the reasons', () => {
  const text = toSummary(report('€'.repeat(5000)))
  expect(Buffer.byteLength(text)).toBeLessThanOrEqual(4096)
  expect(text).toMatch(/€…\n$/)
})
