import type { Since } from './cluster/linkerd-version.ts'
import type { TestNamespace } from './cluster/test-namespace.ts'
import type { Expectation, Witness } from './expectations/expectation.ts'
import type { Observation } from './expectations/observation.ts'

/** A kustomize component below k8s/, applied on top of the base while a phase runs. */
export interface Component {
  /** Folder below k8s/, e.g. `features/retries`. */
  path: string
  /** Folders below k8s/workloads that the component includes itself, so that they are not applied twice. */
  brings?: readonly string[]
}

/** Something a cluster must have. Without it the feature is skipped, with the reason. */
export type Need = ResourceNeed | VersionNeed

export interface ResourceNeed {
  /** Name of the custom resource definition. */
  crd: string
  /** What brings it, for the reason of the skip. */
  from: string
}

/** Something that Linkerd has since a version, and that nothing in the cluster tells but the version. */
export interface VersionNeed {
  since: Since
  /** What is new, for the reason of the skip. */
  what: string
}

export type Steps = (namespace: TestNamespace) => Promise<Observation>

/** One half of a proof: a state of the mesh, the traffic through it, and what must be seen. */
export interface Phase {
  /** The state in words: "with the route". */
  state: string
  with?: Component
  /** Runs after the component is in force and before anything is observed. */
  prepare?: (namespace: TestNamespace) => Promise<void>
  /** What is observed, again and again, until it holds three times in a row; only then the steps run, once. */
  settle?: { steps: Steps; until: readonly Expectation[] }
  /** The measured run. */
  steps: Steps
  expect: readonly Expectation[]
}

/** One promise of the mesh and its proof. */
export interface Feature {
  name: string
  /** What is promised, in one sentence. */
  claim: string
  needs: readonly Need[]
  /** Deployments that take part, with their replicas. */
  workloads: Readonly<Record<string, number>>
  /** Whose word the control must contradict: an expectation of `on` with this witness has to fail there. */
  decides: Witness
  on: Phase
  /** The same observation with the feature off. */
  control: Phase
  /** Undoes what steps and prepare left behind; runs on every way out. */
  cleanup?: (namespace: TestNamespace) => Promise<void>
  /** Likely causes of a failure, each with the command to look further; NAMESPACE is replaced. */
  hints: readonly string[]
}
