import { type Hop, isPlainMessage, type Message } from '@linkerd-scenario/contract'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { answerOf, withHopBefore, withHopBeforePlain } from './answer.ts'

const hop = (service: string): Hop => ({
  service,
  version: 'v1',
  pod: 'p',
  caller: null,
  attempt: 1,
  status: 200,
  durationMs: 1.5,
})
const own = JSON.stringify(hop('consumer'))

test('an answer with one hop is a message', () => {
  const { message, json } = answerOf('say "hi"', own)
  expect(message).toBe('say "hi"')
  expect(JSON.parse(json)).toEqual({ message: 'say "hi"', hops: [hop('consumer')] })
})

test('the own hop goes before the one of a plain message', () => {
  const upstream: Message = { message: "I'm version: v1: 🚀", hops: [hop('provider')] }
  const text = JSON.stringify(upstream)
  expect(isPlainMessage(text)).toBe(true)
  const { message, json } = withHopBeforePlain(own, text)
  expect(message).toBe(upstream.message)
  expect(JSON.parse(json)).toEqual({ message, hops: [hop('consumer'), hop('provider')] })
})

test('the own hop goes before those of any message', () => {
  const hops = fc.integer({ min: 0, max: 3 }).map((count) => Array.from({ length: count }, () => hop('provider')))
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), hops, (text, upstream) => {
      const { message, json } = withHopBefore(own, { message: text, hops: upstream })
      expect(message).toBe(text)
      expect(JSON.parse(json)).toEqual({ message: text, hops: [hop('consumer'), ...upstream] })
    }),
  )
})
