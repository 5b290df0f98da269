/** Colours of the style sheet (`.c0` to `.c5`), in the order in which they are assigned. */
const COLOURS = ['c0', 'c1', 'c2', 'c3', 'c5', 'c4'] as const

const SUCCESS = '200'
/** `503 provider`, `200`, `none network` */
const OUTCOME = /^(\d{3}|none)( |$)/

/** A key and the class of its colour. */
export interface Coloured {
  key: string
  colour: string
}

/**
 * A colour for each key; when there are more keys than colours, the remaining keys share the last one. Outcomes:
 * success first, then the most frequent failure. Versions and pods: by name.
 */
export function colours(rows: readonly Readonly<Record<string, number>>[]): Coloured[] {
  const totals = new Map<string, number>()
  for (const row of rows) {
    for (const [key, count] of Object.entries(row)) totals.set(key, (totals.get(key) ?? 0) + count)
  }
  const keys = [...totals.keys()]
  const areOutcomes = keys.every((key) => OUTCOME.test(key))
  const rank = (key: string) => (key === SUCCESS ? Number.POSITIVE_INFINITY : (totals.get(key) ?? 0))
  keys.sort((a, b) => (areOutcomes && rank(a) !== rank(b) ? rank(b) - rank(a) : a.localeCompare(b)))
  // The colour of success is reserved: no failure gets it.
  const skip = areOutcomes && keys[0] !== SUCCESS ? 1 : 0
  return keys.map((key, index) => ({ key, colour: COLOURS[Math.min(index + skip, COLOURS.length - 1)] ?? 'c4' }))
}
