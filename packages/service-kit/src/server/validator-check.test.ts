import { setImmediate as turn } from 'node:timers/promises'
import { Type } from 'typebox'
import { expect, test } from 'vitest'
import { schemaCheck } from './validator.ts'

const schema = Type.Object({ n: Type.Integer({ minimum: 1 }), in: Type.Optional(Type.String({ maxLength: 2 })) })
const values = [
  { n: 1 },
  { n: 1, in: 'ab' },
  { n: 0 },
  { n: '1' },
  { in: 'a' },
  { n: 1, in: 'abc' },
  null,
  undefined,
  'n',
]

test('the first, interpreted check agrees with the compiled ones', async () => {
  const interpreted = values.map((value) => schemaCheck(schema)(value))
  expect(interpreted).toEqual([true, true, false, false, false, false, false, false, false])
  const check = schemaCheck(schema)
  check({})
  await turn()
  expect(values.map((value) => check(value))).toEqual(interpreted)
})
