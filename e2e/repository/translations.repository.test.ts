import { readFile } from 'node:fs/promises'
import { basename, dirname, join, relative } from 'node:path'
import { expect, test } from 'vitest'
import { behind, marksOf, originalOf, sectionsOf } from '../../scripts/docs/translation.ts'
import { root, tool } from './tools.ts'

const { output } = await tool('git', ['ls-files', '--cached', '--others', '--exclude-standard', '*.md'])
const pages = output.split('\n').flatMap((file) => {
  const original = originalOf(file)
  return original === undefined ? [] : [{ file, original }]
})
const read = (file: string) => readFile(join(root, file), 'utf8')

/** The commands of a document, in order. Prose and output differ between languages, and so may the text of a call. */
function commandsOf(text: string): string[] {
  const blocks = [...text.matchAll(/^```console\n(.*?)^```$/gms)]
  const lines = blocks.flatMap(([, block = '']) => block.split('\n').filter((line) => /^[$>] /.test(line)))
  return lines.map((line) => line.replace(/in=[^'&]*/, 'in=TEXT').replace(/\s+# .*$/, ''))
}

test('the README, the walkthrough and the tour are there in Spanish', () => {
  expect(pages.map(({ file }) => file)).toEqual(
    expect.arrayContaining(['README.es.md', 'docs/tour.es.md', 'docs/walkthrough.es.md']),
  )
})

test.each(pages)('$file is not behind $original', async ({ file, original }) => {
  const changes = behind(sectionsOf(await read(original)), marksOf(await read(file)))
  const advice = `Translate into ${file} what has changed in ${original}, then run: npm run translated -- ${file}`
  expect(changes, `${original}: ${changes.join(', ')}. ${advice}`).toEqual([])
})

test.each(pages)('$file has the sections, the commands and the pictures of $original', async ({ file, original }) => {
  const [translated, source] = [await read(file), await read(original)]
  expect(sectionsOf(translated)).toHaveLength(sectionsOf(source).length)
  expect(commandsOf(source).length).toBeGreaterThan(0)
  expect(commandsOf(translated)).toEqual(commandsOf(source))
  const pictures = (text: string) => [...text.matchAll(/\]\(([^)]+\.(?:svg|png))\)/g)].map(([, picture]) => picture)
  expect(pictures(translated)).toEqual(pictures(source))
})

test.each(pages)('$file and $original link to each other at the top', async ({ file, original }) => {
  const top = async (page: string) => (await read(page)).split('\n').slice(0, 4).join('\n')
  const link = (from: string, to: string) => `](${join(relative(dirname(from), dirname(to)), basename(to))})`
  expect(await top(file)).toContain(link(file, original))
  expect(await top(original)).toContain(link(original, file))
})
