import { expect, test } from 'vitest'
import { fieldsNotRead } from './fields-read.ts'

test('names the fields that nobody looked at, however deep', () => {
  const value = { a: 1, b: { c: [{ d: 1, e: 2 }] }, f: { g: 1 } }
  const look = (given: object) => {
    const { a, b } = given as typeof value
    expect([a, b.c[0]?.d]).toEqual([1, 1])
  }
  expect(fieldsNotRead(value, look)).toEqual(['/b/c/0/e', '/f'])
})

test('a walk over all keys counts as looking', () => {
  const map = { a: '1', b: '2' }
  expect(fieldsNotRead(map, (given) => void Object.values(given))).toEqual([])
})
