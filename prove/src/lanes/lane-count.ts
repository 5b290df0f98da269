import { type ClusterRoom, clusterRoom } from '../cluster/free-room.ts'
import type { Kubectl } from '../cluster/kubectl.ts'
import type { Options } from '../options.ts'

/** What a lane takes of a cluster while its pods start and are measured. */
const PER_LANE = { cores: 1, memoryBytes: 2 ** 30, pods: 15 }
/** More gain little: the longest feature alone takes as long as three lanes together. */
const MOST_LANES = 3
/** With two cores or less a second lane makes everything slower instead of saving time. */
const CORES_FOR_ONE = 2

/** The number of lanes, and why, for the user. */
export interface LaneCount {
  lanes: number
  why: string
}

/** As many lanes as were asked for, or else as the cluster has room for; never more than features. */
export async function laneCount(
  { lanes, inNamespace }: Pick<Options, 'lanes' | 'inNamespace'>,
  features: number,
  kubectl: Kubectl,
  signal: AbortSignal,
): Promise<LaneCount> {
  const most = Math.max(1, features)
  if (inNamespace !== undefined) return { lanes: 1, why: 'one namespace is given' }
  if (lanes !== undefined)
    return { lanes: Math.min(lanes, most), why: lanes > most ? 'one for each feature' : 'as asked for' }
  if (most === 1) return { lanes: 1, why: 'there is one feature' }
  const room = await clusterRoom(kubectl, signal)
  if (room === undefined) return { lanes: 1, why: 'what the nodes have free cannot be seen' }
  return { lanes: Math.min(most, lanesIn(room)), why: `the nodes have ${wordingOf(room)} free` }
}

/** How many lanes there is room for, at least one. */
export function lanesIn({ total, free }: ClusterRoom): number {
  if (!(total.cores > CORES_FOR_ONE)) return 1
  const fitting = [
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
