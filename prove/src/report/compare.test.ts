import { expect, test } from 'vitest'
import { compare } from './compare.ts'
import type { FeatureReport, JsonReport, PhaseReport, Verdict } from './json-report.ts'
import { toMarkdown } from './markdown.ts'
import { toTerminal } from './terminal.ts'

const phase = (...findings: [says: string, holds: boolean | null][]): PhaseReport => ({
  state: 'with the route',
  settled: null,
  findings: findings.map(([says, holds]) => ({ name: 'n', says, witness: 'services', holds, seen: '200: 9' })),
  durationMs: 1,
})
const feature = (name: string, verdict: Verdict, on: PhaseReport | null = null): FeatureReport => ({
  feature: name,
  claim: 'What is promised.',
  verdict,
  reason: `because of ${verdict}`,
  witnessesDisagree: false,
  on,
  control: null,
  hints: [],
  durationMs: 1000,
  commands: [],
})
const report = (linkerd: string, ...features: FeatureReport[]): JsonReport => ({
  version: 1,
  startedAt: '2026-11-27T16:22:53.909Z',
  durationMs: 1,
  ending: 'finished',
  reason: '',
  exitCode: 0,
  cluster: { context: 'c', server: 's', kubernetes: 'v1.36.1', linkerd, gatewayApi: 'v1.4.1' },
  namespace: 'n',
  seed: 1,
  features,
})

const old = report(
  'edge-26.8.3',
  feature('retries', 'proved', phase(['all succeed', true], ['gone soon', true])),
  feature('timeouts', 'failed'),
  feature('egress', 'proved'),
  feature('split', 'proved'),
  feature('rollout', 'proved'),
)
const current = report(
  'edge-26.9.1',
  feature('retries', 'failed', phase(['all succeed', false], ['a new one', true])),
  feature('timeouts', 'proved'),
  feature('egress', 'error'),
  feature('split', 'proved'),
  feature('slow', 'proved'),
)

test('features are compared by name, regressions first; equal versions are not named', () => {
  const { features, versions, before } = compare(old, current)
  expect(before).toBe(old.startedAt)
  expect(versions).toEqual([{ name: 'Linkerd', before: 'edge-26.8.3', after: 'edge-26.9.1' }])
  expect(features.map(({ feature: name, kind }) => [name, kind])).toEqual([
    ['retries', 'regressed'],
    ['egress', 'changed'],
    ['rollout', 'removed'],
    ['slow', 'added'],
    ['timeouts', 'recovered'],
    ['split', 'same'],
  ])
  expect(features[0]?.expectations).toEqual([
    'with the route: all succeed: held before, missed now. Seen: 200: 9',
    'with the route: new: a new one. Seen: 200: 9',
    'with the route: no longer looked at: gone soon',
  ])
})

test('proxies, images and kubectl are named where both runs know them, and differ', () => {
  const versions = { prover: '1.0.0', node: 'v24', images: ['consumer:1.0'] }
  const known = (proxy: string, digest: string) => ({
    ...old,
    versions: { ...versions, kubectl: 'v1.36.0', proxies: [proxy], digests: { 'consumer:1.0': digest } },
  })
  expect(compare(known('proxy:a', 'sha256:1'), known('proxy:b', 'sha256:2')).versions).toEqual([
    { name: 'Proxies', before: 'proxy:a', after: 'proxy:b' },
    { name: 'Image consumer:1.0', before: 'sha256:1', after: 'sha256:2' },
  ])
  expect(compare({ ...old, versions }, known('proxy:b', 'sha256:2')).versions).toEqual([])
})

test('a run is the same as itself', () => {
  const { features, versions } = compare(current, current)
  expect(versions).toEqual([])
  expect(new Set(features.map(({ kind }) => kind))).toEqual(new Set(['same']))
})

test('terminal and Markdown say what changed, and leave out what did not', () => {
  const comparison = compare(old, current)
  const terminal = toTerminal(current, { colours: false, columns: undefined }, comparison)
  expect(terminal).toContain('27 November 2026, 16:22 UTC: 1 regressed, 1 changed, 1 not in this run, 1 new')
  expect(terminal).toContain('Linkerd: edge-26.8.3 before, edge-26.9.1 now')
  expect(terminal).toContain('retries: regressed: proved (1.0 s) before, failed (1.0 s) now')
  expect(terminal).not.toMatch(/ {2}split:/)
  const markdown = toMarkdown(current, comparison)
  expect(markdown).toContain('- **retries**: regressed')
  expect(markdown).toContain('  - with the route: all succeed: held before, missed now')
})
