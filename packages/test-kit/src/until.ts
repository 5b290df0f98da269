import { setTimeout as sleep } from 'node:timers/promises'

/**
 * Asks `observe` until `holds` is true of what it sees, and returns that. Throws after `withinMs`, with the last
 * observation in the message.
 */
export async function until<Seen>(
  observe: () => Seen | Promise<Seen>,
  holds: (seen: Seen) => boolean,
  { withinMs = 5000, everyMs = 5 }: { withinMs?: number; everyMs?: number } = {},
): Promise<Seen> {
  const deadline = performance.now() + withinMs
  for (;;) {
    const seen = await observe()
    if (holds(seen)) return seen
    if (performance.now() > deadline) throw new Error(`Not within ${withinMs} ms; last seen: ${JSON.stringify(seen)}`)
    await sleep(everyMs)
  }
}
