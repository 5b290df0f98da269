import { expect, test } from 'vitest'
import { NamedFiles } from './named-files.ts'

test('a content is found again, and another content of the same name gets a number', () => {
  const files = new NamedFiles()
  expect(files.add('a.yaml', 'one')).toBe('a.yaml')
  expect(files.add('a.yaml', 'two')).toBe('a-2.yaml')
  expect(files.add('a.yaml', 'three')).toBe('a-3.yaml')
  expect(files.add('a.yaml', 'two')).toBe('a-2.yaml')
  expect([files.nameOf('three'), files.nameOf('four')]).toEqual(['a-3.yaml', undefined])
  expect(files.texts).toEqual({ 'a.yaml': 'one', 'a-2.yaml': 'two', 'a-3.yaml': 'three' })
})
