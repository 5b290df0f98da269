import { expect, test } from 'vitest'
import { commaList } from './runtime.ts'

test('a comma list is split and trimmed, and empty parts are left out', () => {
  expect(commaList(' a, b ,,c,')).toEqual(['a', 'b', 'c'])
  expect([commaList(undefined), commaList(' ')]).toEqual([[], []])
})
