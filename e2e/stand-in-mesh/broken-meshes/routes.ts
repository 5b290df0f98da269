import type { BrokenMesh } from './broken-mesh.ts'

/** Routes: retries, timeouts, splits and headers. */
export const ROUTES: readonly BrokenMesh[] = [
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
  { name: 'timeouts do not happen', behaviour: { timeouts: 'never' }, denied: ['timeouts'], says: /504/ },
  { name: 'timeouts are late by three', behaviour: { timeouts: 'late' }, denied: ['timeouts'], says: /about 500 ms/ },
  {
    name: 'timeouts happen without a route as well',
    behaviour: { timeouts: 'always-on' },
    denied: ['timeouts', 'slow-requests'],
    says: /without the route/,
  },
  { name: 'timeouts have another status', behaviour: { timeouts: 'wrong-status' }, denied: ['timeouts'], says: /503/ },
]
