import { expect, test } from 'vitest'
import { create } from 'xmlbuilder2'
import { compare } from '../compare.ts'
import type { FeatureReport, JsonReport, PhaseReport } from '../json-report.ts'
import type { Traffic } from '../traffic.ts'
import { toHtml } from './page.ts'

const HOSTILE = `"><script>alert(1)</script><img src=x onerror='alert(2)'>&lt;\u0000\u202e`

const traffic = (text: string, failures: number): Traffic => ({
  name: text,
  total: 100,
  durationMs: 2000,
  outcomes: { 200: 100 - failures, [`503 ${text}`]: failures },
  versions: { v1: 90, [text]: 10 },
  pods: { a: 90, [text]: 10 },
  latencyMs: { p50: failures + 1, p90: 5, p99: 700, max: 2000 },
  timeline: { stepMs: 50, outcomes: { 200: [3, 0, 5], [`503 ${text}`]: [0, failures, 0] } },
})
const phase = (text: string, failures: number): PhaseReport => ({
  state: text,
  settled: {
    converged: true,
    waitedMs: 120,
    observations: 4,
    looks: [
      { atMs: 0, outcomes: { [text]: 3 } },
      { atMs: 100, outcomes: { 200: 3 } },
    ],
  },
  findings: [{ name: text, says: text, witness: 'services', holds: failures === 0, seen: text }],
  traffic: [traffic(text, failures)],
  durationMs: 900,
})
const feature = (text: string): FeatureReport => ({
  feature: text,
  claim: text,
  verdict: 'failed',
  reason: text,
  witnessesDisagree: true,
  on: phase(text, 0),
  control: phase(text, 60),
  hints: [`${text} \`${text}\``],
  durationMs: 1234,
  commands: [text],
  evidence: text,
})
const reportOf = (text: string): JsonReport => ({
  version: 1,
  startedAt: '2026-11-27T16:22:53.909Z',
  durationMs: 5000,
  ending: 'interrupted',
  reason: text,
  exitCode: 130,
  cluster: { context: text, server: text, kubernetes: text, linkerd: text, gatewayApi: text },
  versions: { prover: text, node: text, images: [text] },
  namespace: text,
  seed: 7,
  features: [feature(text)],
})

test('hostile text adds no element and no attribute, wherever it stands', () => {
  const tags = (page: string) => page.match(/<[a-z][^>]*>/g)?.map((tag) => tag.replace(/"[^"]*"/g, '""'))
  const hostile = toHtml(reportOf(HOSTILE), compare({ ...reportOf('other'), features: [] }, reportOf(HOSTILE)))
  const plain = toHtml(reportOf('harmless'), compare({ ...reportOf('other'), features: [] }, reportOf('harmless')))
  expect(tags(hostile)).toEqual(tags(plain))
  expect(hostile).not.toContain('\u0000')
})

test('the page refers to nothing external and has no script', () => {
  const page = toHtml(reportOf('harmless'))
  expect(page).not.toMatch(/<script|<link|<iframe|\ssrc=|url\(|@import|\son\w+=/i)
  expect(page.match(/href="[^#]/g)).toBeNull()
  expect(page).toContain("default-src 'none'")
})

test('it shows claim, both phases, charts, commands, versions, times and the seed', () => {
  const page = toHtml(reportOf('harmless'))
  expect(page).toContain('Who answered, by version')
  expect(page).toContain('Calls over time')
  expect(page).toContain('Latency')
  expect(page).toContain('The services and the proxies contradict each other.')
  expect(page).toContain('Repeat it by hand: 1 command<')
  expect(page).toContain('27 November 2026, 16:22 UTC')
  expect(page).toContain('--seed 7')
  // Every chart is well-formed XML: a browser would hide a mistake.
  const charts = page.match(/<svg class="chart"[\s\S]*?<\/svg>/g) ?? []
  expect(charts.length).toBeGreaterThan(2)
  for (const chart of charts) expect(() => create(chart)).not.toThrow()
})

test('what repeats it by hand: the set-up, and each file once, as a command that writes it', () => {
  const commands = ['# On: with it', 'kubectl -n n apply -f it.yaml', 'kubectl -n n delete -f it.yaml']
  const byHand = {
    setUp: ['kubectl -n n apply -f base.yaml'],
    end: ['kubectl delete namespace n'],
    files: { 'base.yaml': 'kind: <Base>\n', 'it.yaml': 'kind: It\n' },
  }
  const features = [
    { ...feature('first'), commands },
    { ...feature('second'), commands },
  ]
  const page = toHtml({ ...reportOf('n'), features, byHand })
  expect(page).toContain('Repeat it by hand: 2 commands<')
  expect(page.match(/cat &gt; it\.yaml &lt;&lt;&#39;EOF&#39;\nkind: It\nEOF/g)).toHaveLength(1)
  expect(page).toContain('<code>it.yaml</code> is at <a href="#feature-first">first</a>.')
  expect(page).toContain('cat &gt; base.yaml &lt;&lt;&#39;EOF&#39;\nkind: &lt;Base&gt;\nEOF')
  expect(page).toContain('kubectl delete namespace n')
  expect(page).toContain('replace the name in them')
  expect(toHtml(reportOf('n'))).not.toContain('id="by-hand"')
})

test('the page says what was run: proxies, digests, kubectl', () => {
  const known = {
    kubectl: 'v1.36.0',
    proxies: ['proxy:edge'],
    digests: { 'c:1': 'sha256:1', 'proxy:edge': 'sha256:2' },
  }
  const versions = { prover: '1', node: '2', images: ['c:1', 'p:1'], ...known }
  const page = toHtml({ ...reportOf('n'), versions })
  expect(page).toContain('<dt>Images</dt><dd>c:1 (sha256:1), p:1</dd>')
  expect(page).toContain('<dt>Proxies</dt><dd>proxy:edge (sha256:2)</dd>')
  expect(page).toContain('<dt>kubectl</dt><dd>v1.36.0</dd>')
})

test('a report without measured traffic, or without a cluster, has no charts and is still a page', () => {
  const { versions: _, ...older } = reportOf('harmless')
  const bare = toHtml({ ...older, ending: 'could-not-run', cluster: null, features: [] })
  expect(bare).toContain('The run could not begin')
  expect(bare).toContain('No cluster was reached.')
  expect(bare).not.toContain('<svg class="chart"')
})
