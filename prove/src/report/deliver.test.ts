import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { deliver } from './deliver.ts'
import type { JsonReport } from './json-report.ts'

const report: JsonReport = {
  version: 1,
  startedAt: '2026-11-27T16:22:53.909Z',
  durationMs: 1,
  ending: 'finished',
  reason: '',
  exitCode: 0,
  cluster: null,
  namespace: 'n',
  seed: 1,
  features: [],
}
const NOTHING = {
  json: undefined,
  junit: undefined,
  markdown: undefined,
  html: undefined,
  summary: undefined,
  textfile: undefined,
  configMap: undefined,
  compare: undefined,
  from: undefined,
}
const noCluster = () => Promise.reject(new Error('forbidden'))

let folder = ''
let printed = { stdout: '', stderr: '' }
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'prove-deliver-'))
  printed = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const) {
    vi.spyOn(process[name], 'write').mockImplementation((text) => {
      printed[name] += String(text)
      return true
    })
  }
})
afterEach(async () => {
  vi.restoreAllMocks()
  await rm(folder, { recursive: true, force: true })
})

test('every form is written where it was asked for, and the run keeps its exit code', async () => {
  const names = ['json', 'junit', 'markdown', 'html', 'summary', 'textfile'] as const
  // In folders that are not there yet.
  const files = Object.fromEntries(names.map((name) => [name, join(folder, `${name}-folder`, name)]))
  const applied: [object, string][] = []
  const apply = async (object: object, namespace: string) => void applied.push([object, namespace])
  const wanted = { ...NOTHING, ...files, configMap: { namespace: 'mesh-proof', name: 'prove-report' } }
  expect(await deliver({ ...report, exitCode: 1 }, wanted, apply)).toBe(1)
  // Nothing half-written is left.
  for (const name of names) expect(await readdir(join(folder, `${name}-folder`))).toEqual([name])
  expect(JSON.parse(await readFile(files['json'] ?? '', 'utf8'))).toMatchObject({ exitCode: 1 })
  expect(applied).toMatchObject([[{ kind: 'ConfigMap', metadata: { name: 'prove-report' } }, 'mesh-proof']])
  expect(printed.stderr).toBe('')
})

test.each([
  ['a file', { markdown: '/dev/null/p.md' }, 'The report could not be written'],
  ['metrics', { textfile: '/dev/null/p.prom' }, 'The metrics could not be written'],
  [
    'a ConfigMap',
    { configMap: { namespace: 'n', name: 'c' } },
    'The ConfigMap c could not be written: Error: forbidden',
  ],
  ['a comparison', { compare: '/no/such/report.json' }, 'Nothing was compared: /no/such/report.json cannot be read'],
])('%s that fails is reported, and is not a success', async (_, wanted, told) => {
  expect(await deliver(report, { ...NOTHING, ...wanted }, noCluster)).toBe(2)
  expect(printed.stderr).toContain(told)
})

test('a failed run stays failed, whatever happens to its report', async () => {
  expect(await deliver({ ...report, exitCode: 1 }, { ...NOTHING, html: '/dev/null/p.html' }, noCluster)).toBe(1)
})

test('showing a report again does not count as a failed run', async () => {
  expect(await deliver({ ...report, exitCode: 1 }, { ...NOTHING, from: 'report.json' }, noCluster)).toBe(0)
})

test('JSON is the only output on standard output', async () => {
  await deliver(report, { ...NOTHING, json: '-' }, noCluster)
  expect(JSON.parse(printed.stdout)).toEqual(report)
})
