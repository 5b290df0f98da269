import { holdCases } from '../../testing/expectation-cases.ts'
import { answered, call, observed, refused } from '../../testing/fixtures.ts'
import {
  admittedWithin,
  allFailWith,
  allSucceed,
  attemptsAre,
  callerIs,
  callsMade,
  failAtLeast,
  failAtMost,
  failOnlyAs,
  latencyWithin,
  medianWithin,
  someFailAs,
} from './call-expectations.ts'

const IDENTITY = 'consumer.test.serviceaccount.identity.linkerd.cluster.local'
const denial = { status: 403, origin: 'mesh' } as const

holdCases([
  {
    expectation: allSucceed('calls'),
    holds: observed(answered(10)),
    fails: [observed([...answered(9), ...refused(1, 503)]), observed(Array.from({ length: 3 }, () => call()))],
  },
  {
    expectation: allFailWith('calls', denial),
    holds: observed(refused(5, 403)),
    fails: [
      observed([...refused(4, 403), ...answered(1)]),
      observed(refused(5, 403, { origin: 'provider' })),
      observed(refused(5, 502)),
      observed([call({ status: null, origin: 'network' })]),
    ],
  },
  {
    expectation: allFailWith('calls', { ...denial, proxy: 'outbound' }),
    holds: observed(refused(5, 403, { proxyError: 'traffic not allowed' })),
    fails: [observed(refused(5, 403))],
  },
  {
    expectation: allFailWith('calls', { ...denial, proxy: 'inbound' }),
    holds: observed(refused(5, 403)),
    fails: [observed([...refused(4, 403), ...refused(1, 403, { proxyError: 'loop' })])],
  },
  {
    expectation: attemptsAre('calls', 2),
    holds: observed(answered(4, { attempt: 2 })),
    fails: [observed(answered(4)), observed([...answered(3, { attempt: 2 }), ...answered(1, { attempt: 3 })])],
  },
  {
    expectation: callerIs('calls', 'consumer'),
    holds: observed(answered(4, { caller: IDENTITY })),
    fails: [
      observed(answered(4)),
      observed(answered(4, { caller: IDENTITY }), { namespace: 'other' }),
      observed(answered(4, { caller: IDENTITY }), { identityDomain: 'identity.linkerd.corp.example' }),
      observed([...answered(3, { caller: IDENTITY }), ...refused(1, 502)]),
    ],
  },
  {
    expectation: callerIs('calls', null),
    holds: observed(answered(4)),
    fails: [observed(answered(4, { caller: IDENTITY }))],
  },
  {
    expectation: latencyWithin('calls', 'half a second', () => ({ leastMs: 400, mostMs: 900 })),
    holds: observed([call({ latencyMs: 510 })]),
    fails: [observed([call({ latencyMs: 1500 })]), observed([call({ latencyMs: 510 }), call({ latencyMs: 3 })])],
  },
  {
    expectation: medianWithin('calls', 'half a second', () => ({ leastMs: 400, mostMs: 900 })),
    holds: observed([call({ latencyMs: 510 }), call({ latencyMs: 1500 })]),
    fails: [observed([call({ latencyMs: 1500 })]), observed([call({ latencyMs: 3 })])],
  },
  {
    expectation: admittedWithin('calls', 'a few', () => ({ least: 2, most: 4 })),
    holds: observed([...answered(3), ...refused(9, 429)]),
    fails: [observed([...answered(6), ...refused(6, 429)]), observed(refused(12, 429))],
  },
  {
    expectation: someFailAs('calls', ['503 provider'], 0.1),
    holds: observed([...answered(8), ...refused(2, 503, { origin: 'provider' })]),
    fails: [observed(answered(10)), observed([...answered(8), ...refused(2, 503)])],
  },
  {
    expectation: failOnlyAs('calls', ['429 provider']),
    holds: observed([...answered(8), ...refused(2, 429, { origin: 'provider' })]),
    fails: [observed([...answered(8), ...refused(2, 429)]), observed(refused(1, 503, { origin: 'provider' }))],
  },
  {
    expectation: failAtMost('calls', 1, 'one may fail'),
    holds: observed([...answered(6), ...refused(1, 503)]),
    fails: [observed([...answered(6), ...refused(2, 503)])],
  },
  {
    expectation: failAtLeast('calls', 1, 'one fails'),
    holds: observed([...answered(6), ...refused(1, 503)]),
    fails: [observed(answered(6))],
  },
  { expectation: callsMade('calls', 3), holds: observed(answered(3)), fails: [observed(answered(2))] },
])
