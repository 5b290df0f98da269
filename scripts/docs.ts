import { readFile, writeFile } from 'node:fs/promises'
import { generated } from './docs/generated.ts'
import { withSection } from './docs/section.ts'

/** Writes what the documents show of the code: the configuration, the errors. `npm test` checks that it is current. */
for (const { file, sections } of generated()) {
  const path = new URL(`../${file}`, import.meta.url)
  let text = await readFile(path, 'utf8')
  for (const [name, content] of Object.entries(sections)) text = withSection(text, name, content)
  await writeFile(path, text)
}
