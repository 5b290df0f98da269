/** Counts as text, the largest first: `200: 190, 503: 10`. */
export function counts(of: Readonly<Record<string, number>>): string {
  const rows = Object.entries(of).sort(([, a], [, b]) => b - a)
  return rows.length === 0 ? 'none' : rows.map(([key, count]) => `${key}: ${count}`).join(', ')
}

/** A share as a percentage, as short as it is exact: 0.1 → `10 %`, 0.9999 → `99.99 %`. */
export function percent(share: number): string {
  return `${Number((share * 100).toFixed(2))} %`
}

/** A time as a person says it: `420 ms`, `12.3 s`. */
export function duration(ms: number): string {
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`
}
