import { expect, test } from 'vitest'
import { Attempts } from './attempts.ts'

test('counts each id apart, and not at all without a sane id', () => {
  const attempts = new Attempts()
  expect(['a', 'b', 'a', 'a', undefined, undefined, 'bad id', 'bad id'].map((id) => attempts.next(id))).toEqual([
    1, 1, 2, 3, 1, 1, 1, 1,
  ])
})

test('forgets the ids that were not seen for long, so that a million of them take no more room than fifty thousand', () => {
  const attempts = new Attempts()
  attempts.next('first')
  for (let i = 0; i < 50_000; i += 1) attempts.next(`id-${i}`)
  expect(attempts.next('first')).toBe(1)
  expect(attempts.next('id-49999')).toBe(2)
})
