import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { root } from './tools.ts'

const folder = join(root, 'docs')
const original = 'walkthrough.md'
const files = (await readdir(folder)).filter((name) => /^walkthrough(\..+)?\.md$/.test(name))
const translations = files.filter((name) => name !== original)

/** The commands of a document, in order. Prose and output differ between languages, and so may the text of a call. */
async function commandsOf(file: string): Promise<string[]> {
  const blocks = [...(await readFile(join(folder, file), 'utf8')).matchAll(/^```console\n(.*?)^```$/gms)]
  const lines = blocks.flatMap(([, block = '']) => block.split('\n').filter((line) => /^[$>] /.test(line)))
  return lines.map((line) => line.replace(/in=[^'&]*/, 'in=TEXT'))
}

test('there are translations', () => expect(translations).toContain('walkthrough.es.md'))

test.each(translations)('%s has the commands of the original, in their order', async (file) => {
  const commands = await commandsOf(original)
  expect(commands.length).toBeGreaterThan(10)
  expect(await commandsOf(file)).toEqual(commands)
})

test.each(files)('%s links to each other language, and the README to it', async (file) => {
  const text = await readFile(join(folder, file), 'utf8')
  for (const other of files) if (other !== file) expect(text).toContain(`](${other})`)
  expect(await readFile(join(root, 'README.md'), 'utf8')).toContain(`](docs/${file})`)
})
