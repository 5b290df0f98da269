import { expect, test } from 'vitest'
import { sample, verdictCases } from '../../testing/verdict-cases.ts'
import { outcomesIn } from './calls-in-pod.ts'
import { perRouteAuthorization } from './per-route-authorization.ts'

const seen = (open: string, closed: string) => ({ facts: { 'answers at /': open, 'answers at /other': closed } })
const counted = (allowed: number, denied: number) => [
  sample(
    'inbound_http_authz_allow_total',
    { route_name: 'provider-message', authz_name: 'provider-message-from-consumer', target_port: '5000' },
    allowed,
  ),
  sample('inbound_http_authz_deny_total', { route_name: 'provider-other', target_port: '5000' }, denied),
]

verdictCases(
  perRouteAuthorization,
  {
    on: { ...seen('200 service: 40', '403 proxy: 40'), provider: counted(40, 40) },
    control: { ...seen('200 service: 40', '404 service: 40'), provider: [] },
  },
  [
    {
      name: 'every path is open',
      on: seen('200 service: 40', '404 service: 40'),
      verdict: 'failed',
      says: /of \/other/,
    },
    {
      name: 'every path is closed',
      on: seen('403 proxy: 40', '403 proxy: 40'),
      verdict: 'failed',
      says: /calls of \//,
    },
    { name: 'no route matches', on: seen('200 service: 40', '404 proxy: 40'), verdict: 'failed', says: /404 proxy/ },
    {
      name: 'the service refuses, not the proxy',
      on: seen('200 service: 40', '403 service: 40'),
      verdict: 'failed',
      says: /403 service/,
    },
    {
      name: 'one call slips through',
      on: seen('200 service: 40', '403 proxy: 39, 404 service: 1'),
      verdict: 'failed',
      says: /: 39/,
    },
    { name: 'denials are not counted', on: { provider: counted(40, 0) }, verdict: 'failed', says: /0 counted/ },
    {
      name: 'a default policy of deny',
      control: seen('403 proxy: 40', '403 proxy: 40'),
      verdict: 'not-proved',
      says: /calls of \//,
    },
  ],
)

test('any output of a pod becomes outcomes', () => {
  expect(outcomesIn('{"/":{"200 service":2},"/other":{"ECONNREFUSED":2}}', ['/', '/other'])).toEqual([
    '200 service: 2',
    'ECONNREFUSED: 2',
  ])
  expect(outcomesIn('node: not found', ['/'])).toEqual(['the pod printed node: not found'])
})
