import type { BurstCall } from '@linkerd-scenario/contract'
import type { Observation } from './observation.ts'

type Bursts = Pick<Observation, 'bursts'>

/** Says so if half of a burst's calls took longer than `mostMs`. */
export function lateCalls({ bursts }: Bursts, name: string, mostMs: number): string | undefined {
  const medianMs = bursts[name]?.latencyMs.p50 ?? 0
  return medianMs > mostMs
    ? `half of ${name} took over ${Math.floor(medianMs)} ms, where ${mostMs} ms are enough`
    : undefined
}

/**
 * Whether calls failed, and each of them because a consumer gave it up after a deadline of its own: nobody answered
 * wrongly.
 */
export function areGivenUp(observed: Bursts): boolean {
  const failed = failedOf(observed)
  return (
    failed.length > 0 &&
    failed.every(({ status, origin }) => origin === 'consumer' && (status === null || status === 504))
  )
}

/** Whether any call failed. */
export function haveFailed(observed: Bursts): boolean {
  return failedOf(observed).length > 0
}

function failedOf({ bursts }: Bursts): BurstCall[] {
  return Object.values(bursts)
    .flatMap(({ calls = [] }) => calls)
    .filter(({ status }) => status !== 200)
}
