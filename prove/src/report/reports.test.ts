import { Value } from 'typebox/value'
import { expect, test } from 'vitest'
import { create } from 'xmlbuilder2'
import { FEATURES } from '../features/index.ts'
import { JsonReportSchema, type Verdict } from './json-report.ts'
import { toJUnit } from './junit.ts'
import { toMarkdown } from './markdown.ts'
import type { FeatureResult, PhaseResult } from './result.ts'
import { type RunReport, toJson } from './run-report.ts'
import { toTerminal } from './terminal.ts'

const phase = (holds: boolean | undefined): PhaseResult => ({
  state: 'with the route',
  settled: { converged: true, waitedMs: 120, observations: 4, looks: [] },
  findings: [
    {
      name: 'allSucceed(calls)',
      says: 'every call succeeds <all>',
      witness: 'services',
      holds,
      seen: '200: 9 | 503: 1',
    },
  ],
  traffic: [],
  durationMs: 900,
})
const result = (feature: string, verdict: Verdict): FeatureResult => ({
  feature,
  verdict,
  claim: 'What is promised.',
  reason: `because of ${verdict} & more`,
  witnessesDisagree: verdict === 'failed',
  on: verdict === 'skipped' ? undefined : phase(verdict === 'proved'),
  control: undefined,
  hints: ['look there'],
  durationMs: 1234,
  waits: [{ what: 'pods of retries', times: 1, ms: 1200 }],
  commands: ['kubectl get pods'],
})
const run: RunReport = {
  startedAt: new Date(0),
  durationMs: 5000,
  ending: 'finished',
  reason: '',
  exitCode: 1,
  cluster: { context: 'kind', server: 's', kubernetes: 'v1.32.0', linkerd: 'edge', gatewayApi: 'v1.2.1' },
  images: ['consumer:1.0', 'provider:1.0'],
  namespace: 'prove-1',
  namespaces: ['prove-1', 'prove-1-3'],
  removal: 'accepted',
  seed: 7,
  results: [
    result('retries', 'proved'),
    result('timeouts', 'failed'),
    result('split', 'not-proved'),
    result('egress', 'skipped'),
    result('rollout', 'error'),
  ],
}
const places = { out: 'prove-report', cwd: '/src', home: '/home/me' }
const report = toJson(run, places)
const couldNotRun = toJson(
  {
    ...run,
    ending: 'could-not-run',
    reason: 'no cluster',
    exitCode: 2,
    results: [],
    cluster: undefined,
  },
  places,
)

test('JSON matches its schema, however the run ended', () => {
  for (const one of [report, couldNotRun, toJson({ ...run, ending: 'interrupted', exitCode: 130 }, places)]) {
    expect([...Value.Errors(JsonReportSchema, JSON.parse(JSON.stringify(one)))]).toEqual([])
  }
  expect(report.features[3]).toMatchObject({ on: null, control: null })
})

test('a report has what repeats the run by hand, and what else made it, as far as it is known', () => {
  const byHand = { setUp: ['kubectl -n prove-1 apply -f base.yaml'], end: [], files: { 'base.yaml': 'cwd: /src/app' } }
  const proxies = ['proxy:edge']
  const digests = { 'consumer:1.0': 'sha256:1' }
  const whole = toJson({ ...run, byHand, proxies, digests, kubectl: 'v1.36.0' }, places)
  expect([...Value.Errors(JsonReportSchema, JSON.parse(JSON.stringify(whole)))]).toEqual([])
  // What a manifest says of a container is no folder of this machine.
  expect(whole.byHand).toEqual(byHand)
  expect(whole.versions).toMatchObject({ proxies, digests, kubectl: 'v1.36.0' })
  expect(toMarkdown(whole)).toContain('## Repeat it by hand')
  expect(toMarkdown(whole)).toContain('kubectl -n prove-1 apply -f base.yaml')
  expect(toMarkdown(report)).not.toContain('## Repeat it by hand')
  expect(report).not.toHaveProperty('byHand')
})

test('a report names the namespaces that were used', () => {
  expect(report).toMatchObject({ namespace: 'prove-1', lanes: 2, namespaces: ['prove-1', 'prove-1-3'] })
  expect(toMarkdown(report)).toContain('Namespace prove-1 and prove-1-3, 2 lanes; its removal')
})

test('JUnit counts failures, errors and skips, and has a case for a run that could not begin', () => {
  const suite = create(toJUnit(report)).root().toString()
  expect(suite).toContain('tests="5" failures="2" errors="1" skipped="1"')
  expect(suite).toContain('message="because of failed &amp; more"')
  expect(suite).toContain('&lt;all&gt;')
  // Details of unproved features appear once; proved ones need no hints.
  expect(suite.match(/What is promised/g)).toHaveLength(5)
  expect(suite.match(/look there/g)).toHaveLength(4)
  const empty = toJUnit(couldNotRun)
  expect(empty).toContain('tests="1"')
  expect(empty).toMatch(/name="run"[\s\S]*message="no cluster"/)
})

test('Markdown keeps its tables whole', () => {
  const text = toMarkdown(report)
  expect(text).toContain('1 of 5 features proved')
  expect(text).toContain('200: 9 \\| 503: 1')
  const rows = text.split('\n').filter((line) => line.startsWith('| ') && line.includes('services'))
  for (const row of rows) expect(row.split(/(?<!\\)\|/)).toHaveLength(6)
  expect(text.match(/<details open>/g)).toHaveLength(4)
  expect(toMarkdown(couldNotRun)).toContain('No cluster was reached')
  expect(toMarkdown(couldNotRun)).not.toContain('| feature |')
})

test('the terminal shows, of what was not proved, what was expected and seen, and where to look', () => {
  const text = toTerminal(report, { colours: false, columns: undefined })
  expect(text).toContain('1 of 5 features proved, 1 failed, 1 not proved, 1 no verdict, 1 skipped')
  expect(text).toMatch(
    /timeouts: FAILED[\s\S]*MISS \[services\] every call succeeds[\s\S]*contradict[\s\S]*Perhaps: look there/,
  )
  expect(text).not.toContain('\u001b')
  expect(toTerminal(report, { colours: true, columns: 100 })).toContain('\u001b[32m')
  expect(toTerminal(couldNotRun, { colours: false, columns: 80 })).toContain('Could not run: no cluster')
})

test('a terminal of any width shows the whole name of each feature', () => {
  const results = FEATURES.map(({ name }) => result(name, 'proved'))
  for (const columns of [60, 80, 200]) {
    const lines = toTerminal(toJson({ ...run, results }, places), { colours: false, columns }).split('\n')
    expect(lines.flatMap((line) => /^│ ([a-z][\w-…]*) .* PROVED /.exec(line)?.[1] ?? [])).toEqual(
      FEATURES.map(({ name }) => name),
    )
    if (columns >= 80) expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(columns)
  }
})
