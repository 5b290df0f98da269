import { expect, test } from 'vitest'
import { toConfigMap } from './config-map.ts'
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

test('the forms that fit are kept, in their order', () => {
  const forms = {
    summary: 'all proved',
    'report.json': '€'.repeat(300_000),
    'report.html': 'x'.repeat(200_000),
    'report.md': 'y',
  }
  expect(toConfigMap({ namespace: 'mesh-proof', name: 'prove-report' }, report, forms)).toMatchObject({
    metadata: { name: 'prove-report', namespace: 'mesh-proof', annotations: { 'linkerd-scenario/exit-code': '0' } },
    data: { summary: 'all proved', 'report.json': forms['report.json'], 'report.md': 'y' },
  })
  const { data } = toConfigMap({ namespace: 'n', name: 'r' }, report, forms) as { data: object }
  expect(Object.keys(data)).toEqual(['summary', 'report.json', 'report.md'])
})
