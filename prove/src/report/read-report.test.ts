import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { JsonReport } from './json-report.ts'
import { ReportError, readReport } from './read-report.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'prove-report-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const report: JsonReport = {
  version: 1,
  startedAt: '2026-11-27T16:22:53.909Z',
  durationMs: 1,
  ending: 'could-not-run',
  reason: 'no cluster',
  exitCode: 2,
  cluster: null,
  namespace: 'n',
  seed: 1,
  features: [],
}
const kept = async (text: string) => {
  const file = join(folder, 'report.json')
  await writeFile(file, text)
  return file
}

test('a report that was written is read', async () => {
  expect(await readReport(await kept(JSON.stringify(report)))).toEqual(report)
})

test.each([
  ['{', 'is not JSON'],
  ['[]', 'is not a report'],
  [JSON.stringify({ ...report, version: 2 }), '/version'],
  [JSON.stringify({ ...report, seed: 'seven' }), '/seed'],
])('%s is refused', async (text, reason) => {
  const reading = readReport(await kept(text))
  await expect(reading).rejects.toThrow(ReportError)
  await expect(reading).rejects.toThrow(reason)
})

test('a file that is not there is named', async () => {
  await expect(readReport(join(folder, 'none.json'))).rejects.toThrow(/none\.json cannot be read/)
})
