import type { Hop, Message } from '@linkerd-scenario/contract'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { answerOf, withHopBefore } from './answer.ts'

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

const texts: [string, (message: Message) => string][] = [
  ['as the services write it', (message) => JSON.stringify(message)],
  ['with spaces', (message) => JSON.stringify(message, null, 2)],
  ['the hops first', ({ message, hops }) => JSON.stringify({ hops, message })],
  ['with more at the top', (message) => JSON.stringify({ ...message, more: 'x' })],
  ['with hops elsewhere', ({ message, hops }) => JSON.stringify({ message, more: { hops: [1] }, hops })],
  [
    'with hops in a hop',
    ({ message, hops }) => JSON.stringify({ message, hops: hops.map((h) => ({ ...h, hops: [] })) }),
  ],
  ['with the message twice', ({ message, hops }) => `{"message":"x",${JSON.stringify({ message, hops }).slice(1)}`],
  ['the hops twice', (message) => `{"message":"x","hops":[],${JSON.stringify(message).slice(1)}`],
]

test.each(texts)('the own hop goes before the others: %s', (_form, write) => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.integer({ min: 0, max: 3 }), (message, count) => {
      const text = write({ message, hops: Array.from({ length: count }, () => hop('provider')) })
      const upstream = JSON.parse(text) as Message
      const answer = withHopBefore(own, upstream, text)
      expect(answer.message).toBe(upstream.message)
      expect(JSON.parse(answer.json)).toEqual({ message: upstream.message, hops: [hop('consumer'), ...upstream.hops] })
    }),
    {
      examples: [
        ['"hops":[', 1],
        ['","hops":[', 1],
        ['\\', 0],
        ['hello', 1],
      ],
    },
  )
})
