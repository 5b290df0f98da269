import { expect, test } from 'vitest'
import { exitCode } from './exit-code.ts'
import type { Verdict } from './json-report.ts'
import type { Ending, FeatureResult } from './result.ts'

const results = (...verdicts: Verdict[]): FeatureResult[] =>
  verdicts.map((verdict, index) => ({
    feature: `f${index}`,
    claim: '',
    verdict,
    reason: '',
    witnessesDisagree: false,
    on: undefined,
    control: undefined,
    hints: [],
    durationMs: 1,
    waits: [],
    commands: [],
  }))

test.each<[Ending, Verdict[], string[], number]>([
  ['finished', ['proved', 'proved'], [], 0],
  ['finished', ['proved', 'skipped'], [], 0],
  ['finished', ['proved', 'skipped'], ['f1'], 1],
  ['finished', ['skipped', 'skipped'], [], 2],
  ['finished', ['proved', 'failed'], [], 1],
  ['finished', ['proved', 'not-proved'], [], 1],
  ['finished', ['proved', 'error'], [], 2],
  ['finished', ['failed', 'error'], [], 1],
  ['finished', [], [], 2],
  ['could-not-run', [], [], 2],
  ['interrupted', ['proved', 'failed'], [], 130],
])('%s with %j, required %j: %i', (ending, verdicts, required, code) => {
  expect(exitCode(ending, results(...verdicts), new Set(required))).toBe(code)
})
