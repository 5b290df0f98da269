import type { Feature } from '../feature.ts'
import type { Queued } from './feature-queue.ts'

/** Features that are measured at once: mostly one. What they have in common is read from the first. */
export interface Batch extends Queued {
  features: readonly Feature[]
}

/** The batches of these features, in the order of their first ones. */
export function batchesOf(features: readonly Feature[]): Batch[] {
  const groups = Map.groupBy(features, ({ name, together }) => together ?? name)
  return [...groups.values()].flatMap((together) => {
    const [first] = together
    return first === undefined ? [] : [{ ...queuedOf(first), features: together }]
  })
}

function queuedOf({ name, workloads, needsQuiet }: Feature): Queued {
  return { name, workloads, ...(needsQuiet === undefined ? {} : { needsQuiet }) }
}
