import { expect, test } from 'vitest'
import { networkProblem } from './network-problem.ts'

const withCode = (code: string) => Object.assign(new Error(code), { code })

test.each([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ETIMEDOUT',
  'EADDRNOTAVAIL',
  'UND_ERR_CONNECT_TIMEOUT',
])('%s: the provider was not reached', (code) => {
  const error = withCode(code)
  const problem = networkProblem(error)
  expect(problem).toMatchObject({
    code: 'UPSTREAM_UNREACHABLE',
    status: 502,
    cause: error,
    options: { origin: 'network' },
  })
  expect(problem.message).toContain(`(${code})`)
})

test.each(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET', 'HPE_INVALID_CONSTANT', 'UND_ERR_HEADERS_OVERFLOW'])(
  '%s: the connection broke',
  (code) => {
    const problem = networkProblem(withCode(code))
    expect(problem).toMatchObject({ code: 'UPSTREAM_BROKEN', status: 502, options: { origin: 'network' } })
    expect(problem.message).toContain(code)
  },
)

test('if several addresses failed, the first error is reported; an error without a code by its name', () => {
  const several = new AggregateError([withCode('ECONNREFUSED'), withCode('ENETUNREACH')])
  expect(networkProblem(several)).toMatchObject({ code: 'UPSTREAM_UNREACHABLE' })
  expect(networkProblem(new AggregateError([])).code).toBe('UPSTREAM_BROKEN')
  expect(networkProblem(new TypeError('x')).message).toContain('(TypeError)')
})
