import Fastify from 'fastify'
import { expect, test } from 'vitest'
import { ProblemError } from './define-errors.ts'
import { kitErrors } from './kit-errors.ts'
import { problemBody } from './problem-body.ts'
import { toProblem } from './to-problem.ts'

const { errorCodes } = Fastify

test("a problem stays what it is, with its detail in place of the table's title", () => {
  const problem = kitErrors.NOT_FOUND({ detail: 'nothing at /x' })
  expect(toProblem(problem)).toBe(problem)
  expect(problem).toMatchObject({ code: 'NOT_FOUND', status: 404, message: 'nothing at /x' })
  expect(kitErrors.NOT_FOUND().message).toBe('There is nothing at this path')
})

test.each([
  ['FST_ERR_CTP_BODY_TOO_LARGE', 'BODY_TOO_LARGE', 413],
  ['FST_ERR_CTP_INVALID_MEDIA_TYPE', 'UNSUPPORTED_MEDIA_TYPE', 415],
  ['FST_ERR_CTP_INVALID_CONTENT_LENGTH', 'INVALID_INPUT', 400],
  ['FST_ERR_CTP_EMPTY_JSON_BODY', 'INVALID_INPUT', 400],
  ['FST_ERR_CTP_INVALID_JSON_BODY', 'INVALID_INPUT', 400],
  ['FST_ERR_VALIDATION', 'INVALID_INPUT', 400],
  ['FST_ERR_BAD_URL', 'BAD_REQUEST', 400],
] as const)("Fastify's %s is %s", (fastifyCode, code, status) => {
  const error = new errorCodes[fastifyCode]('x')
  expect(toProblem(error)).toMatchObject({ code, status, cause: error })
})

test("an error that blames the caller keeps its status; any other is the service's, and its text stays in the log", () => {
  expect(toProblem(Object.assign(new Error('teapot'), { statusCode: 418 }))).toMatchObject({
    code: 'INVALID_INPUT',
    status: 418,
    message: 'teapot',
  })
  for (const error of [new Error('secret'), Object.assign(new Error('secret'), { statusCode: 503 }), 'secret', {}]) {
    const problem = toProblem(error)
    expect(problem).toMatchObject({ code: 'INTERNAL', status: 500 })
    expect(JSON.stringify(problemBody(problem, 'id', 'provider'))).not.toContain('secret')
  }
})

test('the body of a problem has the properties that are known, and no others', () => {
  const hop = { service: 's', version: 'v', pod: 'p', caller: null, attempt: 1, status: 200, durationMs: 0 }
  expect(problemBody(kitErrors.NOT_FOUND(), 'id', 'consumer')).toEqual({
    type: 'urn:linkerd-scenario:problem:NOT_FOUND',
    title: 'There is nothing at this path',
    status: 404,
    detail: 'There is nothing at this path',
    requestId: 'id',
    origin: 'consumer',
  })
  const options = {
    status: 429,
    title: 't',
    detail: 'd',
    origin: 'mesh',
    proxy: 'outbound',
    proxyError: 'e',
    hops: [{ ...hop, service: 'provider' }],
    cause: new Error('secret'),
  } as const
  const full = new ProblemError('X', { status: 500, title: 'x', cause: 'x' }, { ...options, hops: [...options.hops] })
  expect(problemBody(full, 'id', 'consumer', [hop])).toEqual({
    type: 'urn:linkerd-scenario:problem:X',
    title: 't',
    status: 429,
    detail: 'd',
    requestId: 'id',
    origin: 'mesh',
    proxy: 'outbound',
    proxyError: 'e',
    hops: [hop, ...options.hops],
  })
})
