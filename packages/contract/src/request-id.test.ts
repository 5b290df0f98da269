import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isSaneRequestId } from './request-id.ts'

test('takes what tracing systems make: UUIDs, hex, base64', () => {
  for (const id of ['5b7f6f3e-6d0c-4d36-9d45-0d1c3d0c8f4e', 'a'.repeat(128), 'q83vEjRWeJA=', 'edge/1:2']) {
    expect(isSaneRequestId(id), id).toBe(true)
  }
})

test('refuses the empty, the long, lists and everything with a control character, space or quote', () => {
  for (const id of ['', 'a'.repeat(129), 'a b', 'a\nb', 'a"b', 'a\u0000', 'é', undefined, ['a'], 7]) {
    expect(isSaneRequestId(id), String(id)).toBe(false)
  }
  fc.assert(
    fc.property(fc.string(), fc.constantFrom('\r', '\n', '\u0000', ' ', '"', '<', '\u2028'), (text, bad) => {
      expect(isSaneRequestId(text + bad)).toBe(false)
    }),
  )
})
