import { execFileSync } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { generated } from '../../scripts/docs/generated.ts'
import { withSection } from '../../scripts/docs/section.ts'
import { readOptions } from '../../scripts/images/options.ts'
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

test('the README is read in a few minutes, in each language', async () => {
  const words = async (file: string) =>
    (await readFile(join(root, file), 'utf8')).replace(/<!--.*?-->/gs, '').split(/\s+/)
  expect((await words('README.md')).length).toBeLessThanOrEqual(1000)
  // Spanish takes more of them for the same.
  expect((await words('README.es.md')).length).toBeLessThanOrEqual(1150)
})

test.each(['docs/walkthrough.md', 'docs/walkthrough.es.md'])(
  '%s makes a repository for each image that it pushes, and for no other',
  async (file) => {
    const text = await readFile(join(root, file), 'utf8')
    const made = [...text.matchAll(/^\$ aws ecr create-repository .*--repository-name (\S+)$/gm)].map(
      ([, name]) => name,
    )
    const [, args = ''] = /^\$ npm run images -- (.*--push.*)$/m.exec(text) ?? []
    const { images, names } = readOptions(args.replace('$REGISTRY', 'registry.example').split(' '))
    expect(new Set(made)).toEqual(new Set(images.map((image) => names[image])))
  },
)

const KINDS_OF_CHANGE = ['Added', 'Changed', 'Deprecated', 'Removed', 'Fixed', 'Security']

test('the changelog keeps the form of Keep a Changelog, the newest version first', async () => {
  const headings = [...(await readFile(join(root, 'CHANGELOG.md'), 'utf8')).matchAll(/^(##+) (.+)$/gm)]
  const versions = headings.flatMap(([, level, text = '']) => (level === '##' ? [text] : []))
  expect(versions[0]).toBe('Unreleased')
  for (const version of versions.slice(1)) expect(version).toMatch(/^\d+\.\d+\.\d+ - \d{4}-\d\d-\d\d$/)
  const dates = versions.slice(1).map((version) => version.slice(-10))
  expect(dates).toEqual(dates.toSorted().reverse())
  for (const [, level, text] of headings) if (level === '###') expect(KINDS_OF_CHANGE).toContain(text)
})

test('a document that lost its section is noticed', () => {
  expect(() => withSection('text', 'provider', 'x')).toThrow('no section')
})
