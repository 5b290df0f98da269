import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { toHtml } from './html/page.ts'
import { toMarkdown } from './markdown.ts'
import { readReport } from './read-report.ts'

const folder = fileURLToPath(new URL('../../../docs/reports/', import.meta.url))
const names = readdirSync(folder)
  .filter((file) => file.endsWith('.json'))
  .map((file) => file.slice(0, -'.json'.length))

test('there is a published report', () => {
  expect(names.length).toBeGreaterThan(0)
})

test.each(names)('%s is a report in all its forms, and names no folder of the machine that made it', async (name) => {
  const report = await readReport(`${folder}${name}.json`)
  const again = `npm run prove -- --from docs/reports/${name}.json --markdown docs/reports/${name}.md --html docs/reports/${name}.html`
  expect(readFileSync(`${folder}${name}.md`, 'utf8') === toMarkdown(report), again).toBe(true)
  expect(readFileSync(`${folder}${name}.html`, 'utf8') === toHtml(report), again).toBe(true)
  expect(JSON.stringify(report)).not.toMatch(/(?<![\w.-])\/(home|root|Users|tmp|work)\//)
})
