import type { TestNamespace } from './cluster/test-namespace.ts'
import type { Feature, Need } from './feature.ts'
import type { FeatureResult } from './report/result.ts'

/** What it takes to prove features in one namespace. */
export interface RunContext {
  namespace: TestNamespace
  /** Namespace of the mesh's control plane, for hints. */
  controlPlane: string
  /** Why the cluster cannot meet a need; undefined where it can. */
  lacks: (need: Need) => string | undefined
  /** Keeps what helps to find the cause. Returns the folder. */
  keepEvidence: (feature: Feature) => Promise<string | undefined>
  /** What the namespace, its pods, Services and policies carry that may be the cause, each naming the object and field. */
  findCauses: () => Promise<readonly string[]>
  /** Commands since the last call. */
  takeCommands: () => readonly string[]
  watcher: Watcher
}

/** Told of what a run is doing. */
export interface Watcher {
  starts: (feature: Feature) => void
  phase: (feature: Feature, state: string) => void
  ends: (result: FeatureResult) => void
}
