let lastMs = Number.NaN
let lastText = ''

/** The time now as ISO 8601 text in UTC. Thousands of lines share a millisecond: the text is made once for them all. */
export function isoTime(): string {
  const now = Date.now()
  if (now !== lastMs) {
    lastMs = now
    lastText = new Date(now).toISOString()
  }
  return lastText
}
