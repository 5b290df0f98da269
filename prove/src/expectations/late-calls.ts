import type { Observation } from './observation.ts'

/** The longest median that a burst's calls may have, ms, whether or not the mesh does its part; by the burst's name. */
export type LatestMedians = Readonly<Record<string, number>>

/** Names a burst whose calls took longer, e.g. `half of calls took over 604 ms, where 400 ms are enough`. */
export function lateCalls(latest: LatestMedians, { bursts }: Pick<Observation, 'bursts'>): string | undefined {
  for (const [name, mostMs] of Object.entries(latest)) {
    const medianMs = bursts[name]?.latencyMs.p50 ?? 0
    if (medianMs > mostMs) return `half of ${name} took over ${Math.floor(medianMs)} ms, where ${mostMs} ms are enough`
  }
  return undefined
}
