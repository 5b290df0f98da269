import fc from 'fast-check'
import { expect, test } from 'vitest'
import { formatResponder, RESPONDER } from './responder.ts'

const part = fc.stringMatching(/^[^/]+$/)

test('what is formatted has the form', () => {
  fc.assert(
    fc.property(fc.record({ service: part, version: part, pod: part }), (responder) => {
      expect(formatResponder(responder)).toMatch(RESPONDER)
    }),
  )
})

test.each(['', 'provider', 'provider/v1', 'provider//pod', 'provider/v1/pod/more'])('%j has not', (value) => {
  expect(value).not.toMatch(RESPONDER)
})
