import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { originalOf, sectionsOf, withMarks } from './docs/translation.ts'

const root = join(import.meta.dirname, '..')

/**
 * Writes into translated pages that they say what their originals say now: `npm run translated -- docs/tour.es.md`. Run
 * it when a translation is done. Returns the exit status.
 */
async function main(files: readonly string[]): Promise<number> {
  const pages = files.map((file) => ({ file, original: originalOf(file) }))
  const stranger = pages.find(({ original }) => original === undefined)
  if (files.length === 0 || stranger !== undefined) {
    console.error(
      `${stranger ? `${stranger.file} is no translated page. ` : ''}Usage: npm run translated -- PAGE.es.md…`,
    )
    return 2
  }
  for (const { file, original = '' } of pages) {
    const sections = sectionsOf(await readFile(join(root, original), 'utf8'))
    const text = await readFile(join(root, file), 'utf8')
    await writeFile(join(root, file), withMarks(text, original, sections))
    console.log(`${file}: ${sections.length} sections of ${original}`)
  }
  return 0
}

process.exitCode = await main(process.argv.slice(2))
