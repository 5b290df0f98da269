import type { BrokenMesh } from './broken-mesh.ts'

/** How a pod is chosen: breakers, rate limits, balancing, discovery. */
export const ENDPOINTS: readonly BrokenMesh[] = [
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
    denied: ['load-balancing', 'rate-limit-aware-balancing'],
    says: /slow pod/,
  },
  {
    name: 'discovery learns of no new pods',
    behaviour: { discovery: 'knows-no-new-pods' },
    denied: ['discovery', 'circuit-breaking', 'load-balancing', 'rate-limit-aware-balancing', 'traffic-split'],
    says: /pods/,
  },
  {
    name: 'refusals attract calls, whatever the annotation says',
    behaviour: { penalties: 'never' },
    denied: ['rate-limit-aware-balancing'],
    says: /refusing pod/,
  },
]
