import fc from 'fast-check'
import { Value } from 'typebox/value'
import { expect, test } from 'vitest'
import type { Hop } from './hop.ts'
import { MessageSchema } from './message.ts'
import { isPlainMessage, partsOfPlainMessage } from './plain-message.ts'

const hop: Hop = {
  service: 'provider',
  version: 'v1',
  pod: 'provider-v1-abc',
  caller: null,
  attempt: 1,
  status: 200,
  durationMs: 0.123,
}
const written = (message: string, more: Partial<Hop> = {}) => JSON.stringify({ message, hops: [{ ...hop, ...more }] })

test.each(['', 'hello', "I'm version: v1: 🚀 é", '","hops":'.replaceAll('"', "'")])('%j is plain', (message) => {
  const text = written(message)
  expect(isPlainMessage(text)).toBe(true)
  const parts = partsOfPlainMessage(text)
  expect(parts.message).toBe(message)
  expect(text.slice(parts.hopsAt)).toMatch(/^\{"service":"provider"/)
})

test('an identity and other numbers are plain', () => {
  const more = { caller: 'consumer.default.serviceaccount.identity.linkerd.cluster.local', attempt: 12, durationMs: 0 }
  expect(isPlainMessage(written('x', more))).toBe(true)
  expect(isPlainMessage(written('x', { durationMs: 1234 }))).toBe(true)
})

test('a known end of the message is not looked through, all else is', () => {
  const text = written("I'm version: v1: hello")
  expect(isPlainMessage(text, 'hello')).toBe(true)
  expect(isPlainMessage(text, 'other')).toBe(true)
  expect(isPlainMessage(text, '{"message":"I\'m version: v1: hello')).toBe(false)
  expect(isPlainMessage(text.replace('v1: hello', 'v1\n hello'), 'hello')).toBe(false)
  expect(isPlainMessage(text.replace('"attempt":1', '"attempt":0'), 'hello')).toBe(false)
  expect(isPlainMessage('hello', 'hello')).toBe(false)
})

test.each([
  ['an escape', written('say "hi"')],
  ['two hops', JSON.stringify({ message: 'x', hops: [hop, hop] })],
  ['no hop', JSON.stringify({ message: 'x', hops: [] })],
  ['headers', written('x', { headers: [] })],
  ['spaces', JSON.stringify({ message: 'x', hops: [hop] }, null, 1)],
  ['a control character', written('x').replace('"x"', '"x\n"')],
  ['attempt 0', written('x', { attempt: 0 })],
  ['a number as a text', written('x').replace('"attempt":1', '"attempt":"1"')],
  ['a leading zero', written('x').replace('0.123', '00.123')],
  ['more behind it', `${written('x')} `],
  ['half of it', written('x').slice(0, -5)],
])('a text with %s is not plain', (_what, text) => {
  expect(isPlainMessage(text)).toBe(false)
})

test('whatever is plain is a message, and its parts are those of the JSON', () => {
  const soil = fc.oneof(
    fc.string({ unit: fc.constantFrom('a', '\u2028', '🚀', ',', ':', '{', ']') }),
    fc.string({ unit: fc.constantFrom('a', '"', '\\', '\n', '",', '":') }),
  )
  const duration = fc.nat({ max: 9_999_999 }).map((us) => us / 1000)
  const texts = fc.tuple(soil, soil, fc.option(soil), duration, fc.nat({ max: 20 }), fc.nat({ max: 599 }))
  let plain = 0
  fc.assert(
    fc.property(texts, ([message, pod, caller, durationMs, attempt, status]) => {
      // Written without regard to escapes, as an upstream might that gets it wrong.
      const text = `{"message":"${message}","hops":[{"service":"s","version":"v","pod":"${pod}","caller":${
        caller === null ? 'null' : `"${caller}"`
      },"attempt":${attempt},"status":${status},"durationMs":${durationMs}}]}`
      for (const known of [message.slice(-1), message.slice(1), message]) {
        if (!/["\\\n]/.test(known)) expect(isPlainMessage(text, known)).toBe(isPlainMessage(text))
      }
      if (!isPlainMessage(text)) return
      plain += 1
      const read: unknown = JSON.parse(text)
      expect(Value.Check(MessageSchema, read)).toBe(true)
      expect(partsOfPlainMessage(text).message).toBe((read as { message: string }).message)
    }),
    { numRuns: 3000 },
  )
  expect(plain).toBeGreaterThan(100)
})
