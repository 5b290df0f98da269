import type { Component } from './cluster/component.ts'
import type { Since } from './cluster/linkerd-version.ts'
import type { TestNamespace } from './cluster/test-namespace.ts'
import type { Expectation, Witness } from './expectations/expectation.ts'
import type { Observation } from './expectations/observation.ts'

/** A requirement on the cluster. If it is missing, the feature is skipped with the reason. */
export type Need = ResourceNeed | VersionNeed

export interface ResourceNeed {
  /** Name of the custom resource definition. */
  crd: string
  /** What provides it, for the reason of the skip. */
  from: string
}

/** A capability that Linkerd has since a version, and that only the version reveals. */
export interface VersionNeed {
  since: Since
  /** What is new, for the reason of the skip. */
  what: string
}

export type Steps = (namespace: TestNamespace) => Promise<Observation>

/** One half of a proof: a state of the mesh, the traffic through it, and what must be observed. */
export interface Phase {
  /** The state in words: "with the route". */
  state: string
  with?: Component
  /** Runs once the component is in effect, before anything is observed. */
  prepare?: (namespace: TestNamespace) => Promise<void>
  /** Observed repeatedly until it holds three times in a row; only then do the steps run, once. */
  settle?: { steps: Steps; until: readonly Expectation[] }
  /** The measured run. */
  steps: Steps
  expect: readonly Expectation[]
}

/** One promise of the mesh, and its proof. */
export interface Feature {
  name: string
  /** The promise in one sentence. */
  claim: string
  needs: readonly Need[]
  /** Participating deployments with their replicas. */
  workloads: Readonly<Record<string, number>>
  /** Features with the same value are measured at once: they differ in nothing but what they expect. */
  together?: string
  /** The witness that the control must contradict: at least one of its `on` expectations has to fail there. */
  decides: Witness
  /** Why it is measured while no other lane measures; undefined if other traffic in the cluster cannot disturb it. */
  needsQuiet?: string
  /**
   * Says how an observation shows a machine that is short of processor time, if it does: then what is missed in it says
   * nothing of the mesh, and there is no verdict.
   */
  shortOfTime?: (observation: Observation) => string | undefined
  on: Phase
  /** The same observation with the feature off: the control. */
  control: Phase
  /** Undoes the effects of steps and prepare; always runs at the end, when the base alone is applied. */
  cleanup?: (namespace: TestNamespace) => Promise<void>
  /** Likely causes of a failure, each with a command that shows more; NAMESPACE is replaced. */
  hints: readonly string[]
}
