/**
 * The probability that one statistical expectation fails although it is true. docs/prove.md adds these up over a whole
 * run.
 */
export const FALSE_ALARM = 1e-4

/** The probability of detecting a deviation that an expectation claims to detect. */
export const POWER = 0.99

/** Whole numbers from `least` to `most`. */
export interface Bounds {
  least: number
  most: number
}

/**
 * The range for the number of hits in `n` calls that each hit with probability `p`. Two-sided, with half of
 * `falseAlarm` on each side: a number outside is not chance at that confidence. Exact, because the normal approximation
 * is too narrow for shares near 0 or 1.
 */
export function binomialBounds(n: number, p: number, falseAlarm: number = FALSE_ALARM): Bounds {
  const tail = falseAlarm / 2
  return {
    // The smallest number that is not too rare from below, and the largest that is not too rare from above.
    least: firstWhere(0, n, (k) => cdf(k, n, p) > tail),
    most: firstWhere(0, n, (k) => 1 - cdf(k, n, p) <= tail),
  }
}

/**
 * The nearest shares below and above `p` that a sample of `n` distinguishes from `p` with probability POWER: the
 * resolution of an expectation of `p`. In steps of 0.1 %.
 */
export function detectable(n: number, p: number, falseAlarm: number = FALSE_ALARM): { below: number; above: number } {
  const { least, most } = binomialBounds(n, p, falseAlarm)
  const step = 0.001
  let above = p
  while (above < 1 && 1 - cdf(most, n, above) < POWER) above += step
  let below = p
  while (below > 0 && cdf(least - 1, n, below) < POWER) below -= step
  return { below: Math.max(0, round(below)), above: Math.min(1, round(above)) }
}

/**
 * The probability of at most `k` hits in `n` calls that each hit with probability `p`. Each term is computed from the
 * logarithm of the one before, so that small terms neither vanish nor lose digits.
 */
function cdf(k: number, n: number, p: number): number {
  if (k < 0) return 0
  if (k >= n || p <= 0) return 1
  if (p >= 1) return 0
  let logTerm = n * Math.log1p(-p)
  let sum = Math.exp(logTerm)
  for (let hits = 1; hits <= k; hits += 1) {
    logTerm += Math.log((n - hits + 1) / hits) + Math.log(p) - Math.log1p(-p)
    sum += Math.exp(logTerm)
  }
  return Math.min(1, sum)
}

function firstWhere(low: number, high: number, holds: (k: number) => boolean): number {
  let [from, to] = [low, high]
  while (from < to) {
    const middle = Math.floor((from + to) / 2)
    if (holds(middle)) to = middle
    else from = middle + 1
  }
  return from
}

function round(share: number): number {
  return Math.round(share * 1000) / 1000
}
