import type { Feature } from '../feature.ts'
import { proveFeatures } from '../prove-features.ts'
import type { FeatureResult } from '../report/result.ts'
import type { RunContext } from '../run-context.ts'
import { type Batch, batchesOf } from './batches.ts'
import { FeatureQueue, type Workloads } from './feature-queue.ts'

/** A lane as this file needs it. */
export interface OpeningLane {
  name: string
  /** Makes the namespace, and starts the services for the first feature. */
  open: (first: Batch) => Promise<RunContext>
}

export interface ProveInLanesOptions {
  onResult: (result: FeatureResult) => void
  /** Called for a lane that could not be opened while others could: the run goes on without it. */
  onLost: (lane: string, error: Error) => void
}

/**
 * Proves the features in several lanes at once; each takes the next one as soon as it is free. Resolves with the names of
 * the lanes that were opened, in the order of the lanes; rejects with the first error if none was.
 */
export async function proveInLanes(
  lanes: readonly OpeningLane[],
  features: readonly Feature[],
  { onResult, onLost }: ProveInLanesOptions,
): Promise<string[]> {
  const queue = new FeatureQueue(batchesOf(features), lanes.length)
  const open = new Map<string, RunContext>()
  const lost: { lane: string; error: Error }[] = []
  const work = async (lane: OpeningLane) => {
    const first = queue.take({})
    if (first === undefined) return
    const context = await lane.open(first).catch((error: Error) => {
      queue.giveBack(first)
      lost.push({ lane: lane.name, error })
    })
    if (context === undefined) return
    open.set(lane.name, context)
    await proveFeatures(from(queue, first), context, onResult)
  }
  await Promise.all(lanes.map(work))
  const [firstLost] = lost
  if (firstLost !== undefined && open.size === 0) throw firstLost.error
  for (const { lane, error } of lost) onLost(lane, error)
  // What was given back when the other lanes had already ended.
  await Promise.all([...open.values()].map((context) => proveFeatures(from(queue), context, onResult)))
  return lanes.map(({ name }) => name).filter((name) => open.has(name))
}

/** The batches that a lane takes from the queue, one when it asks for one. */
function* from(queue: FeatureQueue<Batch>, first?: Batch): Generator<Batch> {
  let running: Workloads = {}
  for (let next = first ?? queue.take(running); next !== undefined; next = queue.take(running)) {
    yield next
    running = { ...running, ...next.workloads }
  }
}
