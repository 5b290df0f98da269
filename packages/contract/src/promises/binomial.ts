/** The probability that one judgement of a share is wrong although the share is true. docs/prove.md adds these up. */
export const FALSE_ALARM = 1e-4

/** Whole numbers from `least` to `most`. */
export interface Bounds {
  least: number
  most: number
}

/**
 * The range for the number of hits in `n` calls that each hit with probability `p`: two-sided, with half of
 * `falseAlarm` on each side. A number outside is not chance at that confidence. Exact, because the normal approximation
 * is too narrow for shares near 0 or 1.
 */
export function binomialBounds(n: number, p: number, falseAlarm: number = FALSE_ALARM): Bounds {
  const chances = binomialChances(n, p)
  const tail = falseAlarm / 2
  const chance = (k: number) => chances[k] ?? 0
  let least = 0
  for (let below = chance(0); below <= tail && least < n; below += chance(least)) least += 1
  let most = n
  for (let above = chance(n); above <= tail && most > 0; above += chance(most)) most -= 1
  return { least, most }
}

/** The probability of at most `k` hits in `n` calls that each hit with probability `p`. */
export function chanceOfAtMost(k: number, n: number, p: number): number {
  return binomialChances(n, p)
    .subarray(0, Math.max(0, k + 1))
    .reduce((total, chance) => total + chance, 0)
}

/** The chance of each number of hits from 0 to n. Built from the likeliest outwards, so that nothing underflows. */
function binomialChances(n: number, p: number): Float64Array {
  const chances = new Float64Array(n + 1)
  const mode = Math.min(n, Math.floor((n + 1) * p))
  chances[mode] = 1
  // A certain or impossible hit leaves one number.
  if (p <= 0 || p >= 1) return chances
  const odds = p / (1 - p)
  for (let k = mode; k < n; k += 1) chances[k + 1] = ((chances[k] ?? 0) * (n - k) * odds) / (k + 1)
  for (let k = mode; k > 0; k -= 1) chances[k - 1] = ((chances[k] ?? 0) * k) / ((n - k + 1) * odds)
  const sum = chances.reduce((total, chance) => total + chance, 0)
  return chances.map((chance) => chance / sum)
}
