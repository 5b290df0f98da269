import type { BurstCall } from '@linkerd-scenario/contract'
import type { Observation } from './observation.ts'

const MADE_BY_A_SERVICE = new Set<BurstCall['origin']>(['provider', 'consumer'])

/**
 * Calls that a service refused because it was at its own limit: 503 with Retry-After, which no proxy sends and which
 * every service on the way hands on. Unlike a pod's counter, the caller's record outlives the pod.
 */
export function shedCalls({ bursts }: Pick<Observation, 'bursts'>): number {
  return Object.values(bursts)
    .flatMap(({ calls = [] }) => calls)
    .filter(
      ({ status, origin, retryAfter }) => status === 503 && retryAfter !== undefined && MADE_BY_A_SERVICE.has(origin),
    ).length
}
