import { expect, test } from 'vitest'
import type { LiveCounts } from '../live.ts'
import { LIVE_LATENCY_BOUNDS_MS } from '../live-limits.ts'
import { type PodTraffic, PROMISES, type PromiseId, type Traffic } from './index.ts'

const CONSUMER = 'consumer.demo.serviceaccount.identity.linkerd.cluster.local'

const latency = (callsByMs: Record<number, number>) => {
  const buckets = new Array<number>(LIVE_LATENCY_BOUNDS_MS.length + 1).fill(0)
  for (const [ms, calls] of Object.entries(callsByMs)) {
    const at = LIVE_LATENCY_BOUNDS_MS.findIndex((bound) => Number(ms) <= bound)
    buckets[at === -1 ? LIVE_LATENCY_BOUNDS_MS.length : at] = calls
  }
  return buckets
}

/** Quick calls of a meshed consumer to one pod, all answered 200, unless said otherwise. */
function trafficOf(counts: Partial<LiveCounts> = {}, rest: Partial<Omit<Traffic, 'counts'>> = {}): Traffic {
  const ended = counts.ended ?? 1000
  return {
    counts: {
      started: ended,
      ended,
      failed: 0,
      shed: 0,
      late: 0,
      byStatus: { 200: ended },
      byOrigin: {},
      byFailure: {},
      byVersion: { v1: ended },
      byPod: { a: ended },
      byCaller: { [CONSUMER]: ended },
      byAttempt: { 1: ended },
      latency: latency({ 2: ended }),
      latencySumMs: 2 * ended,
      latencyMaxMs: 3,
      ...counts,
    },
    seconds: 20,
    settings: { route: '', fault: '', rate: 50 },
    meshed: true,
    provider: 'provider-svc:5000',
    pods: [pod('a', ended)],
    ...rest,
  }
}

const pod = (name: string, ended: number, rest: Partial<PodTraffic> = {}): PodTraffic => ({
  pod: name,
  version: 'v1',
  ended,
  failed: 0,
  latencySumMs: 2 * ended,
  came: false,
  gone: false,
  ...rest,
})

const none = { byVersion: {}, byPod: {}, byCaller: {}, byAttempt: {} }
const threePods = { byPod: { a: 333, b: 333, c: 334 } }
const rolledOut = [pod('a', 300, { gone: true }), pod('b', 300, { came: true })]

const ON: [PromiseId, Traffic, string][] = [
  ['injection', trafficOf(), '1,000 of 1,000 calls arrived with its identity'],
  ['mtls-identity', trafficOf(), `with the identity ${CONSUMER}`],
  ['authorization', trafficOf({ ...none, byFailure: { '403 mesh inbound': 1000 } }), '1,000 of its last 1,000'],
  ['retries', trafficOf({ byAttempt: { 2: 1000 } }), '100\u00a0% of the last 1,000 answers'],
  ['timeouts', trafficOf({ byFailure: { '504 mesh outbound': 40 }, latency: latency({ 500: 40 }) }), 'ended 40 calls'],
  ['rate-limiting', trafficOf({ byFailure: { '429 mesh inbound': 790 } }), '10.5 calls per second were admitted'],
  [
    'egress',
    trafficOf({ ...none, byFailure: { '403 mesh outbound': 1000 } }, { provider: '192.0.2.1:80' }),
    'refused 1,000 of 1,000 calls',
  ],
  ['discovery', trafficOf(threePods), '3 pods answered 1,000 calls'],
  [
    'circuit-breaking',
    trafficOf(
      { byFailure: { '503 provider': 6 } },
      { pods: [pod('a', 500), pod('b', 494), pod('c', 6, { failed: 6 })] },
    ),
    'c fails, and got 0.6\u00a0% of the last 1,000 calls (6 failures)',
  ],
  [
    'load-balancing',
    trafficOf({}, { pods: [pod('a', 450), pod('b', 450), pod('c', 100, { latencySumMs: 10_000 })] }),
    'c is slow (100 ms; the fastest takes 2 ms) and got 10\u00a0%',
  ],
  [
    'rate-limit-aware-balancing',
    trafficOf({ byFailure: { '429 provider': 50 } }, { pods: [pod('a', 950), pod('b', 50, { failed: 50 })] }),
    'b answers 429 and got 5\u00a0%',
  ],
  ['rollout', trafficOf({}, { pods: rolledOut }), '0 of 1,000 calls were lost'],
  ['slow-requests', trafficOf({ latency: latency({ 3000: 60 }) }, { pods: rolledOut }), '0 calls were lost'],
  [
    'traffic-split',
    trafficOf({ byVersion: { v1: 896, v2: 104 } }),
    '10.4\u00a0% of the last 1,000 calls went to v2; expected 10\u00a0%: consistent.',
  ],
  [
    'header-routing',
    trafficOf({ byVersion: { v2: 1000 } }, { settings: { route: 'v2', fault: '', rate: 1 } }),
    'All 1,000 calls',
  ],
]

const OFF: [PromiseId, Traffic, string][] = [
  [
    'injection',
    trafficOf({ byCaller: { none: 1000 } }, { meshed: false }),
    'its 1,000 answered calls went out directly',
  ],
  ['injection', trafficOf({ byCaller: { none: 1000 } }), 'saw no identity in 1,000 calls'],
  ['mtls-identity', trafficOf({ byCaller: { none: 1000 } }), 'None of the last 1,000'],
  [
    'authorization',
    trafficOf({ byCaller: { 'stranger.demo.serviceaccount': 1000 } }),
    '1,000 of 1,000 calls were answered',
  ],
  ['authorization', trafficOf({ byCaller: { none: 1000 } }), '1,000 of 1,000'],
  ['authorization', trafficOf({ byCaller: { 'spiffe://a/ns/consumer/sa/other': 1000 } }), '1,000 of 1,000'],
  ['retries', trafficOf({ byFailure: { '503 provider': 1000 } }), '1,000 of the last 1,000 answers were 5xx'],
  ['timeouts', trafficOf({ latency: latency({ 3000: 40 }) }), '40 calls took longer than 750 ms'],
  ['rate-limiting', trafficOf(), 'All 50 calls per second were admitted; expected: 10'],
  [
    'egress',
    trafficOf({ ...none, byFailure: { 'none network': 1000 } }, { provider: '192.0.2.1:80' }),
    'refused 0 of 1,000 calls',
  ],
  ['discovery', trafficOf({}, { meshed: false }), 'which of the 1 pods'],
  [
    'circuit-breaking',
    trafficOf(
      { byFailure: { '503 provider': 400 } },
      { pods: [pod('a', 300), pod('b', 300), pod('c', 400, { failed: 400 })] },
    ),
    'got 40\u00a0% of the last 1,000 calls (400 failures)',
  ],
  [
    'load-balancing',
    trafficOf({}, { pods: [pod('a', 330), pod('b', 340), pod('c', 330, { latencySumMs: 33_000 })] }),
    'got 33\u00a0% of the last 1,000',
  ],
  [
    'rate-limit-aware-balancing',
    trafficOf({ byFailure: { '429 provider': 800 } }, { pods: [pod('a', 200), pod('b', 800, { failed: 800 })] }),
    'b answers 429 and got 80\u00a0%',
  ],
  ['rollout', trafficOf({ byFailure: { '503 mesh outbound': 7 } }, { pods: rolledOut }), '7 of 1,000 calls were lost'],
  [
    'slow-requests',
    trafficOf({ byFailure: { '502 network': 3 }, latency: latency({ 3000: 60 }) }, { pods: rolledOut }),
    '3 calls were lost',
  ],
  ['traffic-split', trafficOf({ byVersion: { v1: 680, v2: 320 } }), '(the range is 6.5\u00a0% to 13.9\u00a0%)'],
  ['traffic-split', trafficOf(), '0\u00a0% of the last 1,000 calls went to v2'],
  [
    'header-routing',
    trafficOf({ byVersion: { v1: 400, v2: 600 } }, { settings: { route: 'v2', fault: '', rate: 1 } }),
    '600 of 1,000',
  ],
  ['header-routing', trafficOf({ byVersion: { v1: 900, v2: 100 } }), '900 of 1,000'],
]

const UNCLEAR: [PromiseId, Traffic][] = [
  ['injection', trafficOf({ ...none, ended: 3 })],
  ['mtls-identity', trafficOf({ byCaller: { [CONSUMER]: 600, none: 400 } })],
  ['authorization', trafficOf()],
  ['authorization', trafficOf({ byCaller: { 'spiffe://cluster.local/ns/demo/sa/consumer': 1000 } })],
  ['per-route-authorization', trafficOf()],
  ['retries', trafficOf()],
  ['retries', trafficOf({ byAttempt: { 6: 1000 } })],
  ['timeouts', trafficOf()],
  ['timeouts', trafficOf({ byFailure: { '504 mesh outbound': 40 } })],
  ['rate-limiting', trafficOf({ ended: 100 })],
  ['rate-limiting', trafficOf({ byFailure: { '429 mesh inbound': 100 } })],
  ['golden-metrics', trafficOf()],
  ['egress', trafficOf()],
  ['discovery', trafficOf()],
  [
    'circuit-breaking',
    trafficOf({ byFailure: { '503 provider': 1000 } }, { pods: [pod('a', 1000, { failed: 1000 })] }),
  ],
  ['load-balancing', trafficOf({}, { pods: [pod('a', 500), pod('b', 500)] })],
  ['rate-limit-aware-balancing', trafficOf()],
  ['rollout', trafficOf()],
  ['slow-requests', trafficOf({}, { pods: rolledOut })],
  ['traffic-split', trafficOf({ byVersion: { v1: 20, v2: 2 } })],
  ['traffic-split', trafficOf({}, { settings: { route: 'v2', fault: '', rate: 1 } })],
  ['header-routing', trafficOf()],
]

const judge = (id: PromiseId, traffic: Traffic) => PROMISES[id].judge(traffic)

test.each(ON)('%s looks on', (id, traffic, sentence) => {
  const { verdict, why } = judge(id, traffic)
  expect(why.en).toContain(sentence)
  expect({ verdict, why }).toMatchObject({ verdict: 'looks-on' })
})

test.each(OFF)('%s looks off', (id, traffic, sentence) => {
  const { verdict, why } = judge(id, traffic)
  expect(why.en).toContain(sentence)
  expect({ verdict, why }).toMatchObject({ verdict: 'looks-off' })
})

test.each(UNCLEAR)('%s: this traffic cannot tell', (id, traffic) => {
  expect(judge(id, traffic).verdict).toBe('cannot-tell')
})

const silence = trafficOf(
  { ...none, ended: 0, byStatus: {}, latency: latency({}) },
  { pods: [], meshed: true, seconds: 0 },
)

test.each(Object.values(PROMISES))('$id: without calls there is no verdict, and no text says proved', (promise) => {
  expect(promise.judge(silence).verdict).toBe('cannot-tell')
  const seen = [...ON, ...OFF].map(([, traffic]) => promise.judge(traffic).why)
  for (const text of [promise.title, promise.claim, promise.on, promise.off, ...seen]) {
    expect(text.en).not.toMatch(/proved|[{}]|NaN|Infinity/)
    expect(text.es).not.toMatch(/demostrad|[{}]|NaN|Infinity/)
    expect(text.es).not.toBe(text.en)
  }
})

test.each(Object.values(PROMISES))(
  '$id: is shown by the traffic of the page, or by a command',
  ({ tryWith, instead }) => {
    expect(Object.keys(tryWith).length > 0).toBe(instead === undefined)
  },
)

test('the binomial bounds let the split of 10 % pass, and neither 5 % nor 17 %', () => {
  const verdictOf = (v2: number) => judge('traffic-split', trafficOf({ byVersion: { v1: 1000 - v2, v2 } })).verdict
  expect([48, 64, 65, 139, 140, 170].map(verdictOf)).toEqual([
    'looks-off',
    'looks-off',
    'looks-on',
    'looks-on',
    'looks-off',
    'looks-off',
  ])
})
