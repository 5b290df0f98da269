import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { parse, stringify } from 'yaml'
import { root } from '../repository/tools.ts'
import { demandPrometheus, promtool } from './prometheus.ts'

beforeAll(demandPrometheus)

interface Rule {
  alert: string
  expr: string
}

/** The alert that the document of the prover shows. */
function shownRules(): Rule[] {
  const [, text = ''] = /```yaml\n(- alert:[^`]+)```/.exec(readFileSync(join(root, 'docs/prove.md'), 'utf8')) ?? []
  return parse(text) as Rule[]
}

const SUCCESS = 'mesh_proof_last_success_timestamp_seconds'
const DAYS = 86_400

// In promtool's tests time begins at 0; the alerts are looked at after three days.
test.each([
  ['all was proved a day ago', [{ series: SUCCESS, values: `${2 * DAYS}x3000` }], 0],
  ['all was proved, and not again', [{ series: SUCCESS, values: '600x3000' }], 1],
  ['runs end, and none has proved all', [{ series: 'mesh_proof_exit_code', values: '1x3000' }], 1],
  ['there was no run', [], 1],
])('the alert that docs/prove.md shows: %s', (_what, series, fires) => {
  const folder = mkdtempSync(join(tmpdir(), 'prove-alert-'))
  try {
    const write = (name: string, content: unknown) => writeFileSync(join(folder, name), stringify(content))
    write('rules.yaml', { groups: [{ name: 'prover', rules: shownRules() }] })
    const exp_samples =
      fires === 0 ? [] : [{ labels: 'ALERTS{alertname="MeshNotProved",alertstate="firing"}', value: 1 }]
    write('test.yaml', {
      rule_files: ['rules.yaml'],
      tests: [
        {
          interval: '2m',
          input_series: series,
          promql_expr_test: [{ expr: 'ALERTS', eval_time: '3d', exp_samples }],
        },
      ],
    })
    expect(promtool(['test', 'rules', join(folder, 'test.yaml')])).toMatchObject({ code: 0 })
  } finally {
    rmSync(folder, { recursive: true })
  }
})
