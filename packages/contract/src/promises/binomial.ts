/** Whole numbers from `least` to `most`. */
export interface Bounds {
  least: number
  most: number
}

/**
 * Between which numbers of hits out of `n` calls lie, with each hit of probability `p`: two-sided, half of `falseAlarm`
 * on each side. Exact, not the normal approximation, which is too narrow for a share near 0 or 1.
 */
export function binomialBounds(n: number, p: number, falseAlarm = 1e-4): Bounds {
  const chances = binomialChances(n, p)
  const tail = falseAlarm / 2
  const chance = (k: number) => chances[k] ?? 0
  let least = 0
  for (let below = chance(0); below <= tail && least < n; below += chance(least)) least += 1
  let most = n
  for (let above = chance(n); above <= tail && most > 0; above += chance(most)) most -= 1
  return { least, most }
}

/** The chance of each number of hits from 0 to n. Built from the likeliest outwards, so that nothing underflows. */
function binomialChances(n: number, p: number): Float64Array {
  const chances = new Float64Array(n + 1)
  const mode = Math.min(n, Math.floor((n + 1) * p))
  const odds = p / (1 - p)
  chances[mode] = 1
  for (let k = mode; k < n; k += 1) chances[k + 1] = ((chances[k] ?? 0) * (n - k) * odds) / (k + 1)
  for (let k = mode; k > 0; k -= 1) chances[k - 1] = ((chances[k] ?? 0) * k) / ((n - k + 1) * odds)
  const sum = chances.reduce((total, chance) => total + chance, 0)
  return chances.map((chance) => chance / sum)
}
