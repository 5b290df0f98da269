import type { Breaker } from '../balancer.ts'
import type { Answer } from '../forward.ts'
import { milliseconds, type Policies } from './policies.ts'

/** The manifests' penalties last ten seconds or more: too long for tests. */
export const PENALTY_SCALE = 0.1

/** The breaker of a Service, from its annotations. */
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

/**
 * The latency that a failure counts as, from the annotations of its Service: the penalty, or the answer's Retry-After
 * if that is longer. 0 if it is not penalized.
 */
export function penaltyOf(service: string, { status, headers }: Answer, policies: Policies): number {
  if (!penalizes(service, policies) || (status !== 429 && status < 500)) return 0
  const given = alphaOf(service, policies)
  const asked = 1000 * Number(headers['retry-after'] ?? 0)
  const most = milliseconds(given('load-biaser-max-retry-after') ?? '300s')
  return Math.max(milliseconds(given('load-biaser-penalty') ?? '5s'), Math.min(most, asked))
}

/** Whether failures of a Service count as slow answers. */
export function penalizes(service: string, policies: Policies): boolean {
  return policies.behaviour.penalties !== 'never' && alphaOf(service, policies)('penalize-failures') === 'true'
}

function alphaOf(service: string, policies: Policies): (key: string) => string | undefined {
  const annotations = policies.annotations(service)
  return (key) => annotations[`balancer.alpha.linkerd.io/${key}`]
}
