import { expect, test } from 'vitest'
import { answered, observed, refused } from '../../testing/fixtures.ts'
import type { PhaseResult } from '../report/result.ts'
import { allSucceed, attemptsAre } from './call-expectations.ts'
import type { Finding } from './expectation.ts'
import { factsOnly } from './observation.ts'
import { contradict, decide, disagree } from './verdict.ts'

const finding = (holds: boolean | undefined, witness: Finding['witness'] = 'services'): Finding => ({
  name: 'it',
  says: 'it is so',
  seen: 'what was seen',
  witness,
  holds,
})
const phase = (...findings: Finding[]): PhaseResult => ({
  state: 'with it',
  settled: undefined,
  traffic: [],
  durationMs: 1,
  findings,
})
const good = phase(finding(true))

test('proved needs both: seen on, and contradicted off', () => {
  expect(decide(good, { phase: good, contradictions: [finding(false)] }).verdict).toBe('proved')
})

test('what is missed with the feature on is a failure, whatever the control says', () => {
  const ended = decide(phase(finding(true), finding(false)), { phase: good, contradictions: [finding(false)] })
  expect(ended).toEqual({ verdict: 'failed', reason: 'Expected with it: it is so. Seen: what was seen.' })
  expect(decide(phase(finding(undefined)), { phase: good, contradictions: [finding(false)] }).verdict).toBe('failed')
})

test('a phase without findings looked at nothing, and fails', () => {
  expect(decide(phase(), { phase: good, contradictions: [finding(false)] }).verdict).toBe('failed')
  expect(decide(good, { phase: phase(), contradictions: [finding(false)] }).verdict).toBe('not-proved')
})

test('a control that shows it as well proves nothing', () => {
  for (const contradictions of [[finding(true)], [finding(undefined)], []]) {
    const { verdict, reason } = decide(good, { phase: good, contradictions })
    expect(verdict).toBe('not-proved')
    expect(reason).toContain('as well')
  }
})

test('a control that fails for another cause proves nothing', () => {
  const ended = decide(good, { phase: phase(finding(false)), contradictions: [finding(false)] })
  expect(ended.verdict).toBe('not-proved')
  expect(ended.reason).toContain('The control is not what it must be')
})

test('only the deciding witness contradicts, and only where it has data', () => {
  const expectations = [allSucceed('calls'), attemptsAre('other', 2)]
  const off = observed(refused(5, 503))
  expect(contradict(expectations, 'services', off).map(({ holds }) => holds)).toEqual([false, undefined])
  expect(contradict(expectations, 'proxies', off)).toEqual([])
  expect(contradict(expectations, 'services', observed(answered(5)))[0]?.holds).toBe(true)
  expect(contradict(expectations, 'services', factsOnly({})).every(({ holds }) => holds === undefined)).toBe(true)
})

test('witnesses disagree where one confirms and the other denies', () => {
  expect(disagree([finding(true), finding(false, 'proxies')])).toBe(true)
  expect(disagree([finding(true), finding(true, 'proxies')])).toBe(false)
  expect(disagree([finding(false), finding(false, 'proxies')])).toBe(false)
  expect(disagree([finding(true), finding(false, 'cluster')])).toBe(false)
})
