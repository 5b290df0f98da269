import type { IncomingMessage } from 'node:http'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Attempts, isSaneRequestId, newRequestId, requestIdOf } from './request-id.ts'

const UUID_4 = /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/
const request = (id?: string) => ({ headers: id === undefined ? {} : { 'x-request-id': id } }) as IncomingMessage

test('a valid id of the caller is used; otherwise there is a new one', () => {
  expect(requestIdOf(request('order-17'))).toBe('order-17')
  expect(requestIdOf(request('not sane\n'))).toMatch(UUID_4)
  expect(requestIdOf(request())).toMatch(UUID_4)
})

test('new ids are distinct UUIDs of version 4, and each digit takes every value', () => {
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

test('counts each id separately, and does not count without a valid id', () => {
  const attempts = new Attempts()
  expect(['a', 'b', 'a', 'a', undefined, undefined, 'bad id', 'bad id'].map((id) => attempts.next(id))).toEqual([
    1, 1, 2, 3, 1, 1, 1, 1,
  ])
})

test('forgets old ids, so that a million of them take no more memory than fifty thousand', () => {
  const attempts = new Attempts()
  attempts.next('first')
  for (let i = 0; i < 50_000; i += 1) attempts.next(`id-${i}`)
  expect(attempts.next('first')).toBe(1)
  expect(attempts.next('id-49999')).toBe(2)
})

test('accepts the ids of tracing systems: UUIDs, hex, base64', () => {
  for (const id of ['5b7f6f3e-6d0c-4d36-9d45-0d1c3d0c8f4e', 'a'.repeat(128), 'q83vEjRWeJA=', 'edge/1:2']) {
    expect(isSaneRequestId(id), id).toBe(true)
  }
})

test('refuses empty and long ids, lists, and ids with a control character, space or quote', () => {
  for (const id of ['', 'a'.repeat(129), 'a b', 'a\nb', 'a"b', 'a\u0000', 'é', undefined, ['a'], 7]) {
    expect(isSaneRequestId(id), String(id)).toBe(false)
  }
  fc.assert(
    fc.property(fc.string(), fc.constantFrom('\r', '\n', '\u0000', ' ', '"', '<', '\u2028'), (text, bad) => {
      expect(isSaneRequestId(text + bad)).toBe(false)
    }),
  )
})
