import { type ClusterRoom, clusterRoom } from '../cluster/free-room.ts'
import type { Kubectl } from '../cluster/kubectl.ts'
import type { Feature } from '../feature.ts'
import type { Options } from '../options.ts'
import { batchesOf } from './batches.ts'

/** What the pods of a lane request at their most, in a rollout: 12 of them, each with 50m and 96 MiB, and some room. */
const PER_LANE = { cores: 0.6, memoryBytes: 1.2 * 2 ** 30, pods: 15 }
/** More gain nothing: the longest feature, and after it those that need quiet, take as long as four lanes together. */
const MOST_LANES = 4

/** The number of lanes, and why, for the user. */
export interface LaneCount {
  lanes: number
  why: string
}

/** As many lanes as were asked for, or else as the cluster has room for; never more than have something to do. */
export async function laneCount(
  { lanes, inNamespace }: Pick<Options, 'lanes' | 'inNamespace'>,
  features: readonly Feature[],
  kubectl: Kubectl,
  signal: AbortSignal,
): Promise<LaneCount> {
  const most = Math.max(1, batchesOf(features).length)
  if (inNamespace !== undefined) return { lanes: 1, why: 'one namespace is given' }
  if (lanes !== undefined)
    return { lanes: Math.min(lanes, most), why: lanes > most ? 'more would have nothing to do' : 'as asked for' }
  if (most === 1)
    return { lanes: 1, why: features.length > 1 ? 'all features are measured at once' : 'there is one feature' }
  const room = await clusterRoom(kubectl, signal)
  if (room === undefined) return { lanes: 1, why: 'what the nodes have free cannot be seen' }
  return { lanes: Math.min(most, lanesIn(room)), why: `the nodes have ${wordingOf(room)} free` }
}

/** How many lanes there is room for, at least one. */
export function lanesIn({ total, free }: ClusterRoom): number {
  const fitting = [
    // Pods use more than they request: two lanes and a control plane keep two cores half busy, and pods that start more.
    total.cores,
    free.cores / PER_LANE.cores,
    free.memoryBytes / PER_LANE.memoryBytes,
    free.pods / PER_LANE.pods,
    MOST_LANES,
  ]
  return Math.max(1, Math.floor(Math.min(...fitting)) || 1)
}

function wordingOf({ total, free }: ClusterRoom): string {
  return `${free.cores.toFixed(1)} of ${total.cores.toFixed(1)} cores and ${(free.memoryBytes / 2 ** 30).toFixed(1)} GiB`
}
