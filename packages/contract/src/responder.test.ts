import fc from 'fast-check'
import { expect, test } from 'vitest'
import { formatResponder, parseResponder } from './responder.ts'

const part = fc.string({ minLength: 1 }).filter((text) => !text.includes('/'))

test('what is formatted is parsed again', () => {
  fc.assert(
    fc.property(fc.record({ service: part, version: part, pod: part }, { noNullPrototype: true }), (responder) => {
      expect(parseResponder(formatResponder(responder))).toEqual(responder)
    }),
  )
})

test('anything else is not a responder', () => {
  for (const value of [undefined, '', 'provider', 'provider/v1', 'provider//pod', 'provider/v1/pod/more']) {
    expect(parseResponder(value), value).toBeUndefined()
  }
})
