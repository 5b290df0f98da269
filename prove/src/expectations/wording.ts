/** Counts as text, the largest first: `200: 190, 503: 10`. */
export function counts(of: Readonly<Record<string, number>>): string {
  const rows = Object.entries(of).sort(([, a], [, b]) => b - a)
  return rows.length === 0 ? 'none' : rows.map(([key, count]) => `${key}: ${count}`).join(', ')
}

/** A share as a percentage, with no more digits than needed: 0.1 → `10 %`, 0.9999 → `99.99 %`. */
export function percent(share: number): string {
  return `${Number((share * 100).toFixed(2))} %`
}

/** A duration for people: `420 ms`, `12.3 s`, `5 min 16 s`. */
export function duration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`
  if (ms < 99_950) return `${(ms / 1000).toFixed(1)} s`
  const seconds = Math.round(ms / 1000)
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`
}

/** An estimate for people, in steps of five seconds: `45 s`, `2 min 5 s`. */
export function roughly(seconds: number): string {
  const rounded = Math.ceil(seconds / 5) * 5
  return rounded < 60 ? `${rounded} s` : `${Math.floor(rounded / 60)} min ${rounded % 60} s`
}
