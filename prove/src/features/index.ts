import type { Feature } from '../feature.ts'
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
import { rateLimitAwareBalancing } from './rate-limit-aware-balancing.ts'
import { rateLimiting } from './rate-limiting.ts'
import { retries } from './retries.ts'
import { rollout } from './rollout.ts'
import { slowRequests } from './slow-requests.ts'
import { timeouts } from './timeouts.ts'
import { trafficSplit } from './traffic-split.ts'

/**
 * All features, in the order in which they are proved: first those that the others depend on, then by the number of
 * providers they need, to keep scaling to a minimum.
 */
export const FEATURES: readonly Feature[] = [
  injection,
  mtlsIdentity,
  authorization,
  perRouteAuthorization,
  retries,
  timeouts,
  rateLimiting,
  goldenMetrics,
  egress,
  discovery,
  circuitBreaking,
  loadBalancing,
  rateLimitAwareBalancing,
  rollout,
  slowRequests,
  trafficSplit,
  headerRouting,
]
