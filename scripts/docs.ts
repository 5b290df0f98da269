import { readFile, writeFile } from 'node:fs/promises'
import { architecturePicture, pictureFile } from './architecture/picture.ts'
import { generated } from './docs/generated.ts'
import { withSection } from './docs/section.ts'

/**
 * Writes the parts of the documents that come from the code: the configuration, the errors, the picture of the
 * architecture. `npm test` checks that they are current.
 */
for (const { file, sections } of generated()) {
  const path = new URL(`../${file}`, import.meta.url)
  let text = await readFile(path, 'utf8')
  for (const [name, content] of Object.entries(sections)) text = withSection(text, name, content)
  await writeFile(path, text)
}
await writeFile(pictureFile, architecturePicture())
