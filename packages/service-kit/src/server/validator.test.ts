import fc from 'fast-check'
import { Type } from 'typebox'
import { expect, test } from 'vitest'
import { validatorCompiler } from './validator.ts'

const schema = Type.Object({
  n: Type.Integer({ default: 7, minimum: 1 }),
  rate: Type.Optional(Type.Number({ exclusiveMinimum: 0 })),
  on: Type.Optional(Type.Boolean()),
  in: Type.Optional(Type.String()),
})
type Result = { value?: unknown; error?: { message: string; instancePath: string }[] }

const compile = (httpPart: string) => validatorCompiler({ schema, httpPart, method: 'GET', url: '/' })
const validators = { querystring: compile('querystring'), body: compile('body') }

function validate(httpPart: keyof typeof validators, input: unknown): Result {
  return validators[httpPart](input) as Result
}

test('query parameters are converted and get their defaults', () => {
  expect(validate('querystring', { rate: '2.5', on: 'true', in: '12' })).toEqual({
    value: { n: 7, rate: 2.5, on: true, in: '12' },
  })
  expect(validate('querystring', { on: 'false' })).toEqual({ value: { n: 7, on: false } })
})

test.each([
  ['n', '1.5'],
  ['n', '10abc'],
  ['n', '0x10'],
  ['n', ''],
  ['n', ' 1'],
  ['n', ['1', '2']],
  ['rate', 'Infinity'],
  ['rate', '1e999'],
  ['on', '1'],
  ['on', 'yes'],
  ['in', ['a', 'b']],
])('a query with %s=%j is refused, and the error names the place', (name, text) => {
  const { error } = validate('querystring', { [name]: text })
  expect(error?.map(({ instancePath }) => instancePath)).toContain(`/${name}`)
})

test('bodies are neither converted nor given defaults', () => {
  expect(validate('body', { n: '7' }).error).toBeDefined()
  expect(validate('body', {}).error).toBeDefined()
  expect(validate('body', { n: 7, more: 1 })).toEqual({ value: { n: 7, more: 1 } })
})

// Any UTF-16, lone surrogates included. (fast-check's own unit for it takes seconds to build.)
const text = fc
  .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 40 })
  .map((units) => String.fromCharCode(...units))

test('any text of a caller arrives unchanged', () => {
  fc.assert(
    fc.property(text, (text) => {
      expect(validate('querystring', { in: text })).toEqual({ value: { n: 7, in: text } })
    }),
  )
})
