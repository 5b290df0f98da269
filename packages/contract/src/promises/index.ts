import { authorization } from './authorization.ts'
import { circuitBreaking } from './circuit-breaking.ts'
import { discovery } from './discovery.ts'
import { egress } from './egress.ts'
import { goldenMetrics } from './golden-metrics.ts'
import { headerRouting } from './header-routing.ts'
import { injection } from './injection.ts'
import { loadBalancing } from './load-balancing.ts'
import { mtlsIdentity } from './mtls-identity.ts'
import { perRouteAuthorization } from './per-route-authorization.ts'
import type { MeshPromise } from './promise.ts'
import { rateLimitAwareBalancing } from './rate-limit-aware-balancing.ts'
import { rateLimiting } from './rate-limiting.ts'
import { retries } from './retries.ts'
import { rollout } from './rollout.ts'
import { slowRequests } from './slow-requests.ts'
import { timeouts } from './timeouts.ts'
import { trafficSplit } from './traffic-split.ts'

export { type Bounds, binomialBounds, chanceOfAtMost, FALSE_ALARM } from './binomial.ts'
export type { Judgement, MeshPromise, PodTraffic, Traffic, Verdict } from './promise.ts'
export { type Figure, type Text, withFigures } from './text.ts'

/** What the mesh promises, in the order of the prover's features. */
export const PROMISES = {
  injection,
  'mtls-identity': mtlsIdentity,
  authorization,
  'per-route-authorization': perRouteAuthorization,
  retries,
  timeouts,
  'rate-limiting': rateLimiting,
  'golden-metrics': goldenMetrics,
  egress,
  discovery,
  'circuit-breaking': circuitBreaking,
  'load-balancing': loadBalancing,
  'rate-limit-aware-balancing': rateLimitAwareBalancing,
  rollout,
  'slow-requests': slowRequests,
  'traffic-split': trafficSplit,
  'header-routing': headerRouting,
} as const satisfies Record<string, MeshPromise>

export type PromiseId = keyof typeof PROMISES

/** Port of this machine for a second live page, beside the one that is open already. */
export const SECOND_PAGE_PORT = 6002

/** The command that opens the live page of another consumer there. */
export const forwardCommand = (consumer: string): string =>
  `kubectl port-forward deploy/${consumer} ${SECOND_PAGE_PORT}:6001`

/** The command that proves a promise. */
export const proveCommand = (id: string): string => `npm run prove -- ${id}`
