import type { Breaker } from '../balancer.ts'
import { milliseconds, type Policies } from './policies.ts'

/** Penalties of the manifests last ten seconds and more. A test has not that much time. */
const PENALTY_SCALE = 0.1

/** The breaker of a Service, by its annotations. */
export function breakerOf(service: string, policies: Policies): Breaker | undefined {
  const { breaker } = policies.behaviour
  if (breaker === 'never-trips') return undefined
  const annotations = policies.annotations(service)
  const given = (key: string) => annotations[`balancer.linkerd.io/failure-accrual${key}`]
  if (given('') !== 'consecutive') return undefined
  const penalty = breaker === 'never-recovers' ? Number.POSITIVE_INFINITY : PENALTY_SCALE
  return {
    maxFailures: Number(given('-consecutive-max-failures') ?? 7),
    minPenaltyMs: milliseconds(given('-consecutive-min-penalty') ?? '1s') * penalty,
    maxPenaltyMs: milliseconds(given('-consecutive-max-penalty') ?? '1m') * penalty,
  }
}
