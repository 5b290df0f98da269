import type { ByHand } from './by-hand/by-hand.ts'
import type { TestNamespace } from './cluster/test-namespace.ts'
import type { Feature, Need } from './feature.ts'
import type { QuietGate } from './lanes/quiet-gate.ts'
import type { FeatureResult } from './report/result.ts'

/** What is needed to prove features in one namespace. */
export interface RunContext {
  namespace: TestNamespace
  /** Namespace of the mesh's control plane, for hints. */
  controlPlane: string
  /** Why the cluster cannot meet a need; undefined if it can. */
  lacks: (need: Need) => string | undefined
  /** Saves evidence that helps to find the cause. Returns the folder. */
  keepEvidence: (feature: Feature) => Promise<string | undefined>
  /** Possible causes found in the namespace, its pods, Services and policies; each names the object and the field. */
  findCauses: () => Promise<readonly string[]>
  /** Knows the commands with which a reader repeats what is done. */
  byHand: ByHand
  /** Decides whether other lanes may measure at the same time. */
  gate: QuietGate
  watcher: LaneWatcher
}

/** Is notified of what a lane is doing. */
export interface LaneWatcher {
  starts: (features: readonly Feature[]) => void
  phase: (state: string) => void
  ends: (result: FeatureResult) => void
  /** A wait that goes on, in a line, and the cluster's last warning. */
  announces: (line: string, warning: string | undefined) => void
}
