import { authorization } from './authorization.ts'
import { breaker } from './breaker.ts'
import { injection } from './injection.ts'
import { network } from './network.ts'
import { protocol } from './protocol.ts'
import { rateLimits } from './rate-limits.ts'
import { retriesAndTimeouts } from './retries-and-timeouts.ts'
import { routeBackends } from './route-backends.ts'
import { routeParents } from './route-parents.ts'
import { routeRules } from './route-rules.ts'
import type { Rule } from './rule.ts'
import { serverRoutes } from './server-routes.ts'
import { servers } from './servers.ts'
import { shutdown } from './shutdown.ts'

/** Every rule, in the order of a request's path: outbound by a route, inbound by a policy. */
export const rules: readonly Rule[] = [
  ...injection,
  ...protocol,
  ...routeParents,
  ...routeRules,
  ...routeBackends,
  ...retriesAndTimeouts,
  ...breaker,
  ...servers,
  ...serverRoutes,
  ...authorization,
  ...rateLimits,
  ...network,
  ...shutdown,
]
