import { FEATURES } from '../../prove/src/features/index.ts'
import type { Behaviour } from './behaviour.ts'

/** A mesh that breaks a promise, and the features that the prover must deny it: these and no others. */
export interface BrokenMesh {
  name: string
  behaviour: Partial<Behaviour>
  denied: readonly string[]
  /** What the reason of the first of them must say. */
  says: RegExp
}

const all = FEATURES.map(({ name }) => name)
const allBut = (...names: readonly string[]) => all.filter((name) => !names.includes(name))

export const BROKEN_MESHES: readonly BrokenMesh[] = [
  { name: 'retries are not done', behaviour: { retries: 'never' }, denied: ['retries'], says: /failingOnce/ },
  {
    name: 'retries are done without limit',
    behaviour: { retries: 'unlimited' },
    denied: ['retries'],
    says: /attempt 3/,
  },
  {
    name: 'retries of statuses that were not named',
    behaviour: { retries: 'any-status' },
    denied: ['retries'],
    says: /refused/,
  },
  {
    name: 'retries are done and not counted',
    behaviour: { retries: 'uncounted' },
    denied: ['retries'],
    says: /0 counted/,
  },

  { name: 'a split is ignored', behaviour: { split: 'ignored' }, denied: ['traffic-split'], says: /version/ },
  { name: 'a split is reversed', behaviour: { split: 'reversed' }, denied: ['traffic-split'], says: /version/ },
  { name: 'a split is even', behaviour: { split: 'even' }, denied: ['traffic-split'], says: /version/ },

  { name: 'a header is ignored', behaviour: { headers: 'ignored' }, denied: ['header-routing'], says: /x-route: v2/ },
  {
    name: 'any value of a header will do',
    behaviour: { headers: 'any-value' },
    denied: ['header-routing'],
    says: /x-route: v3/,
  },
  {
    name: 'calls without the header are routed as well',
    behaviour: { headers: 'all-to-v2' },
    denied: ['header-routing'],
    says: /v1/,
  },

  { name: 'the identity is not told', behaviour: { identity: 'missing' }, denied: ['mtls-identity'], says: /none: 50/ },
  {
    name: 'a forged identity is believed',
    behaviour: { identity: 'forgeable' },
    denied: ['mtls-identity'],
    says: /forged/,
  },
  {
    name: "another's identity is told",
    behaviour: { identity: 'swapped' },
    denied: ['mtls-identity'],
    says: /stranger/,
  },

  {
    name: 'a policy lets everybody in',
    behaviour: { authorization: 'open' },
    denied: ['authorization'],
    says: /stranger/,
  },
  {
    name: 'a policy lets nobody in',
    behaviour: { authorization: 'closed' },
    denied: ['authorization'],
    says: /consumer/,
  },
  {
    name: 'a policy lets any meshed caller in',
    behaviour: { authorization: 'any-meshed' },
    denied: ['authorization'],
    says: /stranger/,
  },
  {
    name: 'a denial is a connection that breaks',
    behaviour: { authorization: 'hangs-up' },
    denied: ['authorization'],
    says: /403/,
  },
  {
    name: 'a denial that a service makes',
    behaviour: { authorization: 'from-the-app' },
    denied: ['authorization'],
    says: /provider: /,
  },

  { name: 'timeouts do not happen', behaviour: { timeouts: 'never' }, denied: ['timeouts'], says: /504/ },
  { name: 'timeouts are late by three', behaviour: { timeouts: 'late' }, denied: ['timeouts'], says: /about 500 ms/ },
  {
    name: 'timeouts happen without a route as well',
    behaviour: { timeouts: 'always-on' },
    denied: ['timeouts'],
    says: /without the route/,
  },
  { name: 'timeouts have another status', behaviour: { timeouts: 'wrong-status' }, denied: ['timeouts'], says: /503/ },

  { name: 'a breaker never trips', behaviour: { breaker: 'never-trips' }, denied: ['circuit-breaking'], says: /fails/ },
  {
    name: 'a breaker never lets a pod back',
    behaviour: { breaker: 'never-recovers' },
    denied: ['circuit-breaking'],
    says: /healed/,
  },

  { name: 'no rate is limited', behaviour: { rateLimit: 'never' }, denied: ['rate-limiting'], says: /fails/ },
  {
    name: 'a rate limit is twice as high',
    behaviour: { rateLimit: 'double' },
    denied: ['rate-limiting'],
    says: /10 calls a second/,
  },
  {
    name: 'a rate limit is a tenth',
    behaviour: { rateLimit: 'tenth' },
    denied: ['rate-limiting'],
    says: /10 calls a second/,
  },
  {
    name: 'refusals of a rate limit are not counted',
    behaviour: { rateLimit: 'uncounted' },
    denied: ['rate-limiting'],
    says: /refusals/,
  },

  {
    name: 'balancing without regard to latency',
    behaviour: { balancing: 'random' },
    denied: ['load-balancing'],
    says: /slow pod/,
  },
  {
    name: 'discovery learns of no new pods',
    behaviour: { discovery: 'knows-no-new-pods' },
    denied: ['discovery', 'circuit-breaking', 'load-balancing', 'traffic-split'],
    says: /pods/,
  },

  { name: 'egress is not denied', behaviour: { egress: 'never' }, denied: ['egress'], says: /504/ },
  {
    name: 'egress is denied without a policy',
    behaviour: { egress: 'always-on' },
    denied: ['egress'],
    says: /without the EgressNetwork/,
  },
  { name: 'egress is denied late', behaviour: { egress: 'hangs' }, denied: ['egress'], says: /waits/ },
  {
    name: 'egress stays denied when the policy is gone',
    behaviour: { neverForgets: 'EgressNetwork' },
    denied: ['egress'],
    says: /without the EgressNetwork/,
  },

  { name: 'proxies count nothing', behaviour: { counts: 0 }, denied: all, says: /0 counted/ },
  {
    name: 'proxies count double',
    behaviour: { counts: 2 },
    denied: allBut('discovery', 'circuit-breaking'),
    says: /counted/,
  },
  { name: 'proxies tell no metrics', behaviour: { tellsMetrics: false }, denied: all, says: /metrics/ },
  {
    name: 'proxies report three times the latency',
    behaviour: { latencyCounts: 3 },
    denied: ['golden-metrics'],
    says: /latency/,
  },

  {
    name: 'the provider has no proxy',
    behaviour: { uninjected: 'provider' },
    denied: ['injection', 'mtls-identity', 'authorization', 'rate-limiting', 'golden-metrics'],
    says: /provider-v1/,
  },
  {
    name: 'one of two providers has no proxy',
    behaviour: { uninjected: 'first-provider' },
    denied: ['injection', 'mtls-identity', 'authorization', 'rate-limiting', 'golden-metrics'],
    says: /provider-v1/,
  },
  {
    name: 'proxies are there, and traffic passes by them',
    behaviour: { carries: false },
    // Without an identity all callers are one to the limit, which holds all the same.
    denied: allBut('rate-limiting'),
    says: /0 counted/,
  },
  {
    name: 'proxies forget the policies at every seventh request',
    behaviour: { flaps: 7 },
    denied: ['authorization', 'retries', 'timeouts', 'rate-limiting', 'egress', 'traffic-split', 'header-routing'],
    says: /stranger|unmeshed/,
  },
  {
    name: 'every 25th call is refused',
    behaviour: { refusesEvery: 25 },
    // A burst outwards is shorter than that.
    denied: allBut('egress'),
    says: /200/,
  },
  {
    name: 'the controller accepts nothing',
    behaviour: { accepts: false },
    denied: ['retries', 'timeouts', 'rate-limiting', 'egress', 'traffic-split', 'header-routing'],
    says: /accepts/,
  },
  { name: 'proxies end before their services', behaviour: { diesFirst: true }, denied: ['rollout'], says: /200/ },
]
