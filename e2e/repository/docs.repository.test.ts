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

test('a document that lost its section is noticed', () => {
  expect(() => withSection('text', 'provider', 'x')).toThrow('no section')
})
