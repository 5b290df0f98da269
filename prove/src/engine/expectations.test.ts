import { expect, test } from 'vitest'
import type { Expectation } from './expectation.ts'
import {
  admittedWithin,
  allFailWith,
  allSucceed,
  attemptsAre,
  callerIs,
  callsMade,
  factAtLeast,
  factIs,
  failAtLeast,
  failAtMost,
  latencyWithin,
  onlyVersion,
  podShare,
  podsUsed,
  shareWithin,
  someFailAs,
  versionShare,
} from './expectations.ts'
import { answered, call, observed, refused } from './fixtures.ts'
import { factsOnly, type Observation } from './observation.ts'
import { callsOf, proxyCounted, proxyCountedAtLeast, statusOf, versionOf } from './proxy-expectations.ts'

const IDENTITY = 'consumer.lab.serviceaccount.identity.linkerd.cluster.local'
const denial = { status: 403, origin: 'mesh' } as const
const two = { pod: 'provider-v1-b' }
const retried = [{ name: 'retries', labels: { route_name: 'r', x: '1' }, value: 10 }]

const cases: { expectation: Expectation; holds: Observation; fails: Observation[] }[] = [
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
    expectation: factAtLeast('pods out', 1, 'a pod is out', 'proxies'),
    holds: factsOnly({ 'pods out': 1 }),
    fails: [factsOnly({ 'pods out': 0 })],
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
      observed([...answered(3, { caller: IDENTITY }), ...refused(1, 502)]),
    ],
  },
  {
    expectation: callerIs('calls', null),
    holds: observed(answered(4)),
    fails: [observed(answered(4, { caller: IDENTITY }))],
  },
  {
    expectation: onlyVersion('calls', 'v2'),
    holds: observed(answered(4, { version: 'v2' })),
    fails: [observed([...answered(3, { version: 'v2' }), ...answered(1)]), observed(refused(2, 404))],
  },
  {
    expectation: shareWithin('calls', 'v2', 0.1),
    holds: observed([...answered(900), ...answered(100, { version: 'v2' })]),
    fails: [
      observed([...answered(100), ...answered(900, { version: 'v2' })]),
      observed([...answered(850), ...answered(150, { version: 'v2' })]),
      observed([...answered(950), ...answered(50, { version: 'v2' })]),
    ],
  },
  {
    expectation: podsUsed('calls', 2),
    holds: observed([...answered(3), ...answered(3, two)]),
    fails: [observed(answered(6))],
  },
  {
    expectation: podShare('calls', 'slow', { most: 0.15 }),
    holds: observed([...answered(90), ...answered(10, two)], { slow: 'provider-v1-b' }),
    fails: [observed([...answered(70), ...answered(30, two)], { slow: 'provider-v1-b' })],
  },
  {
    expectation: latencyWithin('calls', 'half a second', () => ({ leastMs: 400, mostMs: 900 })),
    holds: observed([call({ latencyMs: 510 })]),
    fails: [observed([call({ latencyMs: 1500 })]), observed([call({ latencyMs: 510 }), call({ latencyMs: 3 })])],
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
    expectation: versionShare('calls', 'v2', { least: 0.3 }),
    holds: observed([...answered(6), ...answered(4, { version: 'v2' })]),
    fails: [observed([...answered(8), ...answered(2, { version: 'v2' })])],
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
  {
    expectation: factIs('ready', 2, 'two are ready'),
    holds: factsOnly({ ready: 2 }),
    fails: [factsOnly({ ready: 1 })],
  },
  {
    expectation: proxyCounted(
      'consumer-v1',
      { family: 'retries', labels: { route_name: 'r' }, what: 'retries' },
      callsOf('calls'),
    ),
    holds: observed(answered(10), {}, retried),
    fails: [
      observed(answered(9), {}, retried),
      observed(answered(10)),
      observed(answered(10), {}, [...retried, ...retried]),
    ],
  },
  {
    expectation: proxyCountedAtLeast('consumer-v1', { family: 'retries', what: 'retries' }, 10),
    holds: observed(answered(1), {}, retried),
    fails: [observed(answered(1))],
  },
  {
    expectation: proxyCounted('consumer-v1', { family: 'retries', what: 'refusals' }, statusOf('calls', 403)),
    holds: observed(refused(10, 403), {}, retried),
    fails: [observed(answered(10), {}, retried)],
  },
  {
    expectation: proxyCounted('consumer-v1', { family: 'retries', what: 'calls' }, versionOf('calls', 'v1')),
    holds: observed([...answered(10), ...refused(1, 500)], {}, retried),
    fails: [observed(answered(10, { version: 'v2' }), {}, retried)],
  },
]

test.each(cases.map((one) => ({ ...one, name: one.expectation.name })))('$name', ({ expectation, holds, fails }) => {
  const good = expectation.judge(holds)
  expect(good.holds, good.seen).toBe(true)
  for (const observation of fails) {
    const bad = expectation.judge(observation)
    expect(bad.holds, bad.seen).toBe(false)
  }
})

test('what was not observed neither holds nor fails', () => {
  const nothing = factsOnly({})
  for (const { expectation } of cases) expect(expectation.judge(nothing).holds, expectation.name).toBeUndefined()
})
