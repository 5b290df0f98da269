import type { IncomingMessage } from 'node:http'
import { expect, test } from 'vitest'
import { newRequestId, requestIdOf } from './request-id.ts'

const UUID_4 = /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/
const request = (id?: string) => ({ headers: id === undefined ? {} : { 'x-request-id': id } }) as IncomingMessage

test("a sane id of the caller's is taken, for another there is a new one", () => {
  expect(requestIdOf(request('order-17'))).toBe('order-17')
  expect(requestIdOf(request('not sane\n'))).toMatch(UUID_4)
  expect(requestIdOf(request())).toMatch(UUID_4)
})

test('new ids are UUIDs of version 4, each another, and every digit of theirs takes every value', () => {
  const ids = Array.from({ length: 20_000 }, newRequestId)
  expect(ids.filter((id) => !UUID_4.test(id))).toEqual([])
  expect(new Set(ids).size).toBe(ids.length)
  const values = Array.from({ length: 36 }, (_, at) => ({ at, count: new Set(ids.map((id) => id[at])).size }))
  // Dashes, the version, and the variant, of which two bits are given.
  expect(values.filter(({ count }) => count < 16)).toEqual([
    { at: 8, count: 1 },
    { at: 13, count: 1 },
    { at: 14, count: 1 },
    { at: 18, count: 1 },
    { at: 19, count: 4 },
    { at: 23, count: 1 },
  ])
})
