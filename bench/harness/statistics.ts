/** Summary of a series of measurements. */
export interface Spread {
  median: number
  /** First and third quartile: half of the measurements lie between them. */
  q1: number
  q3: number
  count: number
}

/** The value below which the share `q` (0 to 1) of `values` lies; linear between neighbours. */
export function quantile(values: readonly number[], q: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  const at = (sorted.length - 1) * q
  const low = sorted[Math.floor(at)]
  const high = sorted[Math.ceil(at)]
  if (low === undefined || high === undefined) throw new RangeError('No values')
  return low + (high - low) * (at - Math.floor(at))
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5)
}

export function spread(values: readonly number[]): Spread {
  return { median: median(values), q1: quantile(values, 0.25), q3: quantile(values, 0.75), count: values.length }
}

/**
 * The ratios of pairs, subject to baseline. Both halves of a pair run under the same conditions, so these cancel out.
 */
export function ratios(pairs: readonly (readonly [number, number])[]): Spread {
  return spread(pairs.map(([subject, baseline]) => subject / baseline))
}
