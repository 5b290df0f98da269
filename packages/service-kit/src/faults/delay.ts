import type { FaultOf } from '@linkerd-scenario/contract'

const LONGEST_MS = 600_000

/**
 * Milliseconds that a `delay` waits, for a random number from 0 (included) to 1 (excluded): `ms`; with `max` uniform
 * from `ms` to `max`; else the inverse of a distribution with the given percentiles. It is interpolated on a logarithmic
 * scale between p50²/p95 at 0 (as far below the median as p95 is above it), p50, p95 and p99. Above p99 it continues the
 * last line, up to 600 s. So the three percentiles are exact, and three equal ones are a fixed delay.
 */
export function delayMs(fault: FaultOf<'delay'>, random: number): number {
  if ('ms' in fault) return fault.ms + ((fault.max ?? fault.ms) - fault.ms) * random
  const { p50, p95, p99 } = fault
  const bottom = p95 === 0 ? 0 : (p50 * p50) / p95
  const top = p95 === 0 ? p99 : Math.min(p99 * (p99 / p95) ** 0.25, LONGEST_MS)
  if (random < 0.5) return between(bottom, p50, random / 0.5)
  if (random < 0.95) return between(p50, p95, (random - 0.5) / 0.45)
  if (random < 0.99) return between(p95, p99, (random - 0.95) / 0.04)
  return between(p99, top, (random - 0.99) / 0.01)
}

/** From `low` to `high` by equal factors; by equal steps where `low` is 0 and no factor leads away from it. */
function between(low: number, high: number, share: number): number {
  return low === 0 ? high * share : low * (high / low) ** share
}
