import { binomialBounds, chanceOfAtMost } from '@linkerd-scenario/contract/promises'

/** The probability of detecting a deviation that an expectation claims to detect. */
export const POWER = 0.99

/**
 * The nearest shares below and above `p` that a sample of `n` distinguishes from `p` with probability POWER: the
 * resolution of an expectation of `p`. In steps of 0.1 %.
 */
export function detectable(n: number, p: number): { below: number; above: number } {
  const { least, most } = binomialBounds(n, p)
  const step = 0.001
  let above = p
  while (above < 1 && 1 - chanceOfAtMost(most, n, above) < POWER) above += step
  let below = p
  while (below > 0 && chanceOfAtMost(least - 1, n, below) < POWER) below -= step
  return { below: Math.max(0, round(below)), above: Math.min(1, round(above)) }
}

function round(share: number): number {
  return Math.round(share * 1000) / 1000
}
