import { expect, test } from 'vitest'
import { behind, marksOf, originalOf, sectionsOf, withMarks } from './translation.ts'

const original = `[Deutsch](a.de.md)

# One

Text.

## Two

\`\`\`console
$ true
# not a heading
\`\`\`
`
const page = withMarks('# Eins\n', 'a.md', sectionsOf(original))

test.each([
  ['docs/tour.es.md', 'docs/tour.md'],
  ['README.pt-BR.md', 'README.md'],
  ['docs/tour.md', undefined],
  ['docs/adr/0001-own.md', undefined],
])('%s is a translation of %s', (file, expected) => {
  expect(originalOf(file)).toBe(expected)
})

test('a page keeps what it was made from, once', () => {
  expect(marksOf(page).map(({ heading }) => heading)).toEqual(['One', 'Two'])
  expect(marksOf(page)).toEqual(sectionsOf(original))
  expect(withMarks(page, 'a.md', sectionsOf(original))).toBe(page)
})

test('a page that is up to date has nothing behind, whatever the line breaks', () => {
  expect(behind(sectionsOf(original), marksOf(page))).toEqual([])
  expect(behind(sectionsOf(original.replaceAll('\n\n', '\n\n\n')), marksOf(page))).toEqual([])
})

test('what has changed, is new or is gone is named', () => {
  const changed = original.replace('Text.', 'Other text.').replace('# Two', '# Deux')
  expect(behind(sectionsOf(changed), marksOf(page))).toEqual([
    'the section “One” has changed',
    'the section “Deux” is new',
    'the section “Two” is gone',
  ])
  expect(behind(sectionsOf(original), marksOf('no comment'))).toHaveLength(2)
})

test('what stands above the first heading belongs to the first section', () => {
  const changed = original.replace('a.de.md', 'a.fr.md')
  expect(behind(sectionsOf(changed), marksOf(page))).toEqual(['the section “One” has changed'])
})
