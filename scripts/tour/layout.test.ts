import { expect, test } from 'vitest'
import { shownCommand, wrapped } from './layout.ts'

test.each([
  ['one two three', 7, 'one two\nthree'],
  ['one two three', 80, 'one two three'],
  ['a much-too-long-word b', 6, 'a\nmuch-too-long-word\nb'],
  ['', 5, ''],
])('%j in %i columns', (text, width, lines) => expect(wrapped(text, width)).toBe(lines))

test('the parts of a command stand below each other', () => {
  expect(shownCommand('a -b')).toBe('$ a -b')
  expect(shownCommand('a && b')).toBe('$ a && \\\n    b')
})
