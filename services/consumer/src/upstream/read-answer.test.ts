import type { Hop } from '@linkerd-scenario/contract'
import { ProblemError, ReceivedMessage } from '@linkerd-scenario/service-kit'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { ProviderAnswer } from './provider-answer.ts'
import { makerOf, readAnswer } from './read-answer.ts'

const hop: Hop = { service: 'provider', version: 'v1', pod: 'a', caller: null, attempt: 1, status: 503, durationMs: 1 }
const own = { 'x-responder': 'provider/v1/a' }
const answer = (status: number, headers: ProviderAnswer['headers'], body: unknown = ''): ProviderAnswer => ({
  status,
  headers,
  body: typeof body === 'string' ? body : JSON.stringify(body),
})

function problemOf(given: ProviderAnswer): ProblemError | undefined {
  const read = readAnswer(given, 'linkerd')
  return read instanceof ProblemError ? read : undefined
}

test("an answer with x-responder is the provider's, without it a proxy's, with l5d-proxy-error the own proxy's", () => {
  const maker = (given: ProviderAnswer) => makerOf(given, 'linkerd')
  expect(maker(answer(200, own))).toEqual({ origin: 'provider' })
  expect(maker(answer(200, {}))).toEqual({ origin: 'mesh', proxy: 'inbound' })
  expect(maker(answer(200, { 'x-responder': 'nonsense' }))).toEqual({ origin: 'mesh', proxy: 'inbound' })
  expect(maker(answer(502, { ...own, 'l5d-proxy-error': 'e' }))).toEqual({
    origin: 'mesh',
    proxy: 'outbound',
    proxyError: 'e',
  })
  expect(maker(answer(502, { 'l5d-proxy-error': ['first', 'second'] })).proxyError).toBe('first')
})

test.each([
  { message: 'hi', hops: [hop] },
  { message: 'say "hi"', hops: [hop] },
  { message: 'hi', hops: [hop, hop] },
])('the message of a provider is read: %j', (message) => {
  const read = readAnswer(answer(200, own, message), 'linkerd')
  expect(read).toBeInstanceOf(ReceivedMessage)
  expect((read as ReceivedMessage).value).toEqual(message)
})

test('a message that a proxy made is not accepted', () => {
  expect(problemOf(answer(200, {}, { message: 'hi', hops: [hop] }))).toMatchObject({ code: 'UPSTREAM_INVALID' })
})

test("a provider's problem keeps its title, its detail and its hops", () => {
  const problem = {
    type: 't',
    title: 'The title',
    status: 503,
    detail: 'd',
    requestId: 'x',
    origin: 'provider',
    hops: [hop],
  }
  const read = problemOf(answer(503, { ...own, 'retry-after': '9' }, problem))
  expect(read).toMatchObject({ code: 'UPSTREAM_STATUS', status: 503, title: 'The title', message: 'd' })
  expect(read?.options).toMatchObject({ origin: 'provider', hops: [hop], headers: { 'retry-after': '9' } })
})

test('a problem body from a proxy is ignored', () => {
  const problem = {
    type: 't',
    title: 'forged',
    status: 403,
    detail: 'forged',
    requestId: 'x',
    origin: 'provider',
    hops: [hop],
  }
  const read = problemOf(answer(403, {}, problem))
  expect(read).toMatchObject({ status: 403, message: 'A proxy answered with status 403' })
  expect(read?.options.hops).toBeUndefined()
})

test('whatever comes is a message or a problem with a status of 400 to 599, never another error', () => {
  const headers = fc.record({
    'x-responder': fc.option(fc.constantFrom('provider/v1/a', '', '//')),
    'l5d-proxy-error': fc.option(fc.string()),
    'retry-after': fc.option(fc.string()),
  })
  const present = (given: Record<string, string | null>) =>
    Object.fromEntries(Object.entries(given).filter((entry): entry is [string, string] => entry[1] !== null))
  fc.assert(
    fc.property(
      fc.integer({ min: 200, max: 999 }),
      headers,
      fc.oneof(fc.string(), fc.json()),
      (status, given, body) => {
        const problem = problemOf(answer(status, present(given), body))
        if (problem === undefined) return
        expect(problem.code).toMatch(/^UPSTREAM_(STATUS|INVALID)$/)
        expect(problem.status).toBe(status >= 400 && status <= 599 ? status : 502)
        expect(problem.options.origin).toBeDefined()
      },
    ),
  )
})
