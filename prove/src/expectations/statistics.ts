/**
 * The chance that one statistical expectation fails although what it expects is true. docs/prove.md adds these up over
 * a whole run.
 */
export const FALSE_ALARM = 1e-4

/** The chance with which a deviation is found that an expectation says it can find. */
export const POWER = 0.99

/** Whole numbers from `least` to `most`. */
export interface Bounds {
  least: number
  most: number
}

/**
 * Between which numbers of hits out of `n` calls lie, with each hit of probability `p`: two-sided, half of
 * `falseAlarm` on each side, so a number outside is no chance at that confidence. Exact, not the normal approximation,
 * which is too narrow for a share near 0 or 1.
 */
export function binomialBounds(n: number, p: number, falseAlarm: number = FALSE_ALARM): Bounds {
  const tail = falseAlarm / 2
  return {
    // The smallest number that is not too rare from below, and the largest that is not from above.
    least: firstWhere(0, n, (k) => cdf(k, n, p) > tail),
    most: firstWhere(0, n, (k) => 1 - cdf(k, n, p) <= tail),
  }
}

/**
 * The shares next to `p`, below and above, that a sample of `n` tells from `p` with probability POWER: what an
 * expectation of `p` can and cannot see. Resolution 0.1 %.
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
 * The chance of at most `k` hits out of `n` calls, each with probability `p`. The terms are added up by their
 * logarithms, each from the one before: small ones neither vanish nor lose digits.
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
