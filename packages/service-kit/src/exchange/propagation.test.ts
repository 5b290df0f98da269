import { PROPAGATED_HEADERS } from '@linkerd-scenario/contract'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { propagationObjection, propagator } from './propagation.ts'

const name = fc.stringMatching(/^[a-z][a-z0-9-]{0,20}$/)
const value = fc.string({ maxLength: 40 })

test('exactly the listed headers pass, unchanged', () => {
  const propagate = propagator(['X-Tenant'])
  fc.assert(
    fc.property(
      fc.dictionary(fc.oneof(name, fc.constantFrom(...PROPAGATED_HEADERS, 'x-b3-traceid', 'x-tenant')), value),
      (headers) => {
        delete headers['connection']
        const expected = Object.entries(headers).filter(
          ([key]) =>
            (PROPAGATED_HEADERS.includes(key) && key !== 'x-request-id') ||
            key.startsWith('x-b3-') ||
            key === 'x-tenant',
        )
        expect(propagate(headers)).toEqual(expected.flat())
      },
    ),
  )
})

test('credentials, identities and hop-by-hop headers are never propagated, even if they are configured', () => {
  const never = [
    'authorization',
    'cookie',
    'l5d-client-id',
    'x-forwarded-client-cert',
    'host',
    'transfer-encoding',
    'connection',
    'te',
  ]
  const headers = Object.fromEntries(never.map((key) => [key, 'x']))
  expect(propagator(never)(headers)).toEqual([])
  for (const key of never) expect(propagationObjection(key.toUpperCase()), key).toContain('never')
})

test('a header that the Connection header names is not propagated', () => {
  expect(propagator([])({ connection: 'close, X-Route', 'x-route': 'v2', b3: '0' })).toEqual(['b3', '0'])
})

test('what is not a header name cannot be configured', () => {
  for (const bad of ['', 'a b', 'a:', 'é', 'a\r\nb'])
    expect(propagationObjection(bad), bad).toContain('not a header name')
  expect(propagationObjection('x-tenant')).toBeUndefined()
})
