import fc from 'fast-check'
import { expect, test } from 'vitest'
import { textOfPlainBody } from './plain-body.ts'

test.each(['', 'hello', '🚀 é \u2028', '}{,:'])('%j is plain', (text) => {
  expect(textOfPlainBody(JSON.stringify({ in: text }))).toBe(text)
})

test.each([
  ['an escape', '{"in":"a\\nb"}'],
  ['a control character', '{"in":"a\nb"}'],
  ['a quote within', '{"in":"a"b"}'],
  ['another property', '{"in":"a","out":"b"}'],
  ['a property of another name', '{"on":"a"}'],
  ['the name twice', '{"in":"a","in":"b"}'],
  ['spaces', '{"in": "a"}'],
  ['more behind it', '{"in":"a"} '],
  ['less', '{"in":"'],
  ['a text that has begun', '{"in":"}'],
  ['a number', '{"in":1}'],
  ['nothing', ''],
])('a body with %s is not plain', (_what, json) => {
  expect(textOfPlainBody(json)).toBeUndefined()
})

test('the text of a plain body is that of the JSON, and is written as it is', () => {
  const soil = fc.string({ unit: fc.constantFrom('a', '"', '\\', '\n', '🚀', ',', '"}', '\u2028', '\ud800') })
  let plain = 0
  fc.assert(
    fc.property(soil, (inside) => {
      const json = Buffer.from(`{"in":"${inside}"}`).toString()
      const text = textOfPlainBody(json)
      if (text === undefined) return
      plain += 1
      expect(JSON.parse(json)).toEqual({ in: text })
      expect(JSON.stringify({ in: text })).toBe(json)
    }),
    { numRuns: 2000 },
  )
  expect(plain).toBeGreaterThan(50)
})
