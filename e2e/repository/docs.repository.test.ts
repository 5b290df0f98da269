import { execFileSync } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { generated } from '../../scripts/docs/generated.ts'
import { withSection } from '../../scripts/docs/section.ts'
import { root } from './tools.ts'

test.each(generated())('$file shows the code as it is (npm run docs)', async ({ file, sections }) => {
  const text = await readFile(join(root, file), 'utf8')
  for (const [name, content] of Object.entries(sections)) {
    expect(content.length).toBeGreaterThan(100)
    expect(withSection(text, name, content), name).toBe(text)
  }
})

const PROMQL =
  /```promql|`[^`\n]*\b(rate|irate|increase|histogram_quantile|sum|max|avg|count|sum_over_time)\b( by \([^)]*\))? ?\([^`\n]*[`{[]/

test('no document has a PromQL query of its own: those of dashboard and alerts are run by tests', async () => {
  const files = execFileSync('git', ['ls-files', '*.md'], { cwd: root, encoding: 'utf8' }).trim().split('\n')
  expect(files.length).toBeGreaterThan(20)
  for (const file of files) expect(await readFile(join(root, file), 'utf8'), file).not.toMatch(PROMQL)
  for (const query of ['`sum by (pod) (up{})`', '`rate(x_total[5m])`', '```promql']) expect(query).toMatch(PROMQL)
})

test('a document that lost its section is noticed', () => {
  expect(() => withSection('text', 'provider', 'x')).toThrow('no section')
})
