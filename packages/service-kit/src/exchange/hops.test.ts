import { type Hop, type Message, MessageSchema } from '@linkerd-scenario/contract'
import fc from 'fast-check'
import type { FastifyRequest } from 'fastify'
import { Value } from 'typebox/value'
import { expect, test } from 'vitest'
import { identify } from '../identity.ts'
import { answerWith, headerPairs, ownHop, prependHop, ReceivedMessage } from './hops.ts'

const hop: Hop = {
  service: 'provider',
  version: 'v1',
  pod: 'provider-v1-abc',
  caller: null,
  attempt: 1,
  status: 200,
  durationMs: 0.123,
}
const own: Hop = { ...hop, service: 'consumer', caller: 'say "hi"' }
const written = (message: string, more: Partial<Hop> = {}) => JSON.stringify({ message, hops: [{ ...hop, ...more }] })

test("a service's own hop has its identity, its caller, the attempt and the status", () => {
  const request = {
    headers: { 'l5d-client-id': 'consumer.a' },
    raw: { rawHeaders: ['Host', 'a', 'Cookie', 'secret'] },
    exchange: { attempt: 2, elapsedMs: () => 12.3456 },
  } as unknown as FastifyRequest
  const identity = identify('provider', 'v1', 'pod"1')
  const expected = {
    service: 'provider',
    version: 'v1',
    pod: 'pod"1',
    caller: 'consumer.a',
    attempt: 2,
    status: 503,
    durationMs: 12.346,
  }
  expect(ownHop(identity, request, 503, false)).toEqual(expected)
  expect(ownHop(identity, request, 503, true)).toEqual({
    ...expected,
    headers: [
      ['Host', 'a'],
      ['Cookie', '***'],
    ],
  })
  request.headers = {}
  expect(ownHop(identity, request, 200, false).caller).toBeNull()
})

test('credentials are masked; order and case of the headers do not change', () => {
  expect(headerPairs(['X-B', '1', 'Authorization', 'x', 'x-a', '2', 'COOKIE', 'y'])).toEqual([
    ['X-B', '1'],
    ['Authorization', '***'],
    ['x-a', '2'],
    ['COOKIE', '***'],
  ])
})

test('the answer of the last service is a message with one hop', () => {
  const { message, json } = answerWith('say "hi"', hop)
  expect(message).toBe('say "hi"')
  expect(JSON.parse(json)).toEqual({ message, hops: [hop] })
})

/** What a service in between makes of a text: undefined if it is not a message. */
function passedOn(text: string): Message | undefined {
  const received = ReceivedMessage.read(text)
  if (received === undefined) return undefined
  const { message, json } = prependHop(own, received)
  const answer = JSON.parse(json) as Message
  expect(answer.message).toBe(message)
  expect(answer).toEqual({ message: received.value.message, hops: [own, ...received.value.hops] })
  return answer
}

test.each([
  ['a usual message', written('hello')],
  ['no text', written('')],
  ['Unicode', written("I'm version: v1: 🚀 é")],
  ['an identity', written('x', { caller: 'consumer.default.serviceaccount.identity.linkerd.cluster.local' })],
  ['a high attempt', written('x', { attempt: 12, durationMs: 0 })],
  ['an escape', written('say "hi"')],
  ['two hops', JSON.stringify({ message: 'x', hops: [hop, hop] })],
  ['no hop', JSON.stringify({ message: 'x', hops: [] })],
  ['headers', written('x', { headers: [['a', 'b']] })],
  ['spaces', JSON.stringify({ message: 'x', hops: [hop] }, null, 1)],
  ['a filled body', `${written('x')}    `],
])('a message with %s is passed on with the own hop first', (_what, text) => {
  const { message, hops } = JSON.parse(text) as Message
  expect(passedOn(text)).toEqual({ message, hops: [own, ...hops] })
})

test.each([
  ['a control character', written('x').replace('"x"', '"x\n"')],
  ['attempt 0', written('x', { attempt: 0 })],
  ['a number as a text', written('x').replace('"attempt":1', '"attempt":"1"')],
  ['a leading zero', written('x').replace('0.123', '00.123')],
  ['half of it', written('x').slice(0, -5)],
  ['no JSON', 'hello'],
])('a text with %s is not a message', (_what, text) => {
  expect(passedOn(text)).toBeUndefined()
})

test('any text is read as JSON.parse and the schema would read it', () => {
  const fragments = fc.oneof(
    fc.string({ unit: fc.constantFrom('a', '\u2028', '🚀', ',', ':', '{', ']') }),
    fc.string({ unit: fc.constantFrom('a', '"', '\\', '\n', '",', '":') }),
  )
  const duration = fc.nat({ max: 9_999_999 }).map((us) => us / 1000)
  const texts = fc.tuple(
    fragments,
    fragments,
    fc.option(fragments),
    duration,
    fc.nat({ max: 20 }),
    fc.nat({ max: 599 }),
  )
  let messages = 0
  fc.assert(
    fc.property(texts, ([message, pod, caller, durationMs, attempt, status]) => {
      // Written without regard to escapes, as a faulty upstream might.
      const text = `{"message":"${message}","hops":[{"service":"s","version":"v","pod":"${pod}","caller":${
        caller === null ? 'null' : `"${caller}"`
      },"attempt":${attempt},"status":${status},"durationMs":${durationMs}}]}`
      let value: unknown
      try {
        value = JSON.parse(text)
      } catch {
        value = undefined
      }
      const isMessage = Value.Check(MessageSchema, value)
      expect(passedOn(text) !== undefined).toBe(isMessage)
      if (isMessage) messages += 1
    }),
    { numRuns: 3000 },
  )
  expect(messages).toBeGreaterThan(100)
})
