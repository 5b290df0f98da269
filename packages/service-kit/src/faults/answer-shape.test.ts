import { buffer } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { newAnswerShape, shapeBody } from './answer-shape.ts'

const json = Buffer.from('{"message":"ü"}')

test.each([
  [10, Infinity, json.length, json.length],
  [200_000, Infinity, 200_000, 200_000],
  [0, 5, json.length, 5],
  [0, 0, json.length, 0],
  [0, 500, json.length, json.length],
  [200_000, 100_000, 200_000, 100_000],
  [200_000, 3, 200_000, 3],
])('size %d, truncate %s: announces %d bytes and sends %d', async (size, truncate, announced, sent) => {
  const { contentLength, stream } = shapeBody(json, { minimumBytes: size, sentBytes: truncate, headers: {} })
  const bytes = await buffer(stream)
  expect(contentLength).toBe(announced)
  expect(bytes.length).toBe(sent)
  expect(bytes.subarray(0, json.length)).toEqual(json.subarray(0, sent))
})

test('a filled body is the same JSON', async () => {
  const { stream } = shapeBody(json, { ...newAnswerShape(), minimumBytes: 100_000 })
  expect(JSON.parse((await buffer(stream)).toString())).toEqual({ message: 'ü' })
})
