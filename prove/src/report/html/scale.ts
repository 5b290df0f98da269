/** Colours of the style sheet (`.c0` to `.c5`), in the order in which they are given out. */
const COLOURS = ['c0', 'c1', 'c2', 'c3', 'c5', 'c4'] as const

/** A key and the class of its colour. */
export interface Coloured {
  key: string
  colour: string
}

/** A colour for each key, the most frequent first; what exceeds the colours shares the last. A call that succeeded is always the first. */
export function colours(rows: readonly Readonly<Record<string, number>>[]): Coloured[] {
  const totals = new Map<string, number>()
  for (const row of rows) {
    for (const [key, count] of Object.entries(row)) totals.set(key, (totals.get(key) ?? 0) + count)
  }
  const rank = ([key, total]: [string, number]) => (key === '200' ? Number.POSITIVE_INFINITY : total)
  const keys = [...totals].sort((a, b) => rank(b) - rank(a) || a[0].localeCompare(b[0])).map(([key]) => key)
  // Where nothing succeeded the first colour stays unused: it would read as success.
  const isOutcomes = keys.every((key) => /^(\d{3}|none)( |$)/.test(key))
  const skip = isOutcomes && keys[0] !== '200' ? 1 : 0
  return keys.map((key, index) => ({ key, colour: COLOURS[Math.min(index + skip, COLOURS.length - 1)] ?? 'c4' }))
}
