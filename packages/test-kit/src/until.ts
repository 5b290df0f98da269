import { vi } from 'vitest'

/**
 * Asks `observe` until `holds` is true of what it returns, and returns that. Throws after `withinMs` milliseconds, with
 * the last observation in the message.
 */
export function until<Seen>(
  observe: () => Seen | Promise<Seen>,
  holds: (seen: Seen) => boolean,
  { withinMs = 5000, everyMs = 5 }: { withinMs?: number; everyMs?: number } = {},
): Promise<Seen> {
  const check = async () => {
    const seen = await observe()
    if (!holds(seen)) throw new Error(`Not within ${withinMs} ms; last seen: ${JSON.stringify(seen)}`)
    return seen
  }
  return vi.waitFor(check, { timeout: withinMs, interval: everyMs })
}
