import { FeatureQueue, needsOtherPods, type Queued, type Workloads } from './feature-queue.ts'
import { OTHER_PODS_S, SET_UP_S, typicalS } from './typical-durations.ts'

/** When a lane is free for its next feature, in seconds, and what it runs then. */
export interface FreeLane {
  freeAtS: number
  running: Workloads
}

/** How long a run of these batches in this many lanes probably takes, without the removal, in seconds. */
export function forecastS(batches: readonly Queued[], lanes: number): number {
  return endS(
    batches,
    Array.from({ length: lanes }, () => ({ freeAtS: SET_UP_S, running: {} })),
  )
}

/** When lanes that are free at these times have proved these batches, in seconds. */
export function endS(batches: readonly Queued[], lanes: readonly FreeLane[]): number {
  const queue = new FeatureQueue(batches, lanes.length)
  const all = lanes.map((lane) => ({ ...lane }))
  let quietUntilS = 0
  for (;;) {
    const lane = all.reduce((first, one) => (one.freeAtS < first.freeAtS ? one : first))
    const feature = queue.take(lane.running)
    if (feature === undefined) return Math.max(...all.map(({ freeAtS }) => freeAtS))
    const beginS = feature.needsQuiet === undefined ? lane.freeAtS : Math.max(lane.freeAtS, quietUntilS)
    lane.freeAtS = beginS + typicalS(feature.name) + extraS(feature, lane, lanes.length)
    lane.running = { ...lane.running, ...feature.workloads }
    if (feature.needsQuiet !== undefined) quietUntilS = lane.freeAtS
  }
}

/** In one lane the order of the features avoids most changes of pods, and the typical durations include the rest. */
function extraS(feature: Queued, { running }: FreeLane, lanes: number): number {
  return lanes > 1 && needsOtherPods(feature, running) ? OTHER_PODS_S : 0
}
