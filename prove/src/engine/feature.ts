import type { Component } from './component.ts'
import type { Expectation, Witness } from './expectation.ts'
import type { Lab } from './lab.ts'
import type { Observation } from './observation.ts'

/** Something a cluster must have, or the feature is skipped with the reason. */
export interface Need {
  /** Name of the custom resource definition. */
  crd: string
  /** What brings it, for the reason of the skip. */
  from: string
}

export type Steps = (lab: Lab) => Promise<Observation>

/** One half of a proof: a state of the mesh, the traffic through it, and what must be seen. */
export interface Phase {
  /** The state in words: "with the route". */
  state: string
  with?: Component
  /** Runs after the component is in force and before anything is observed. */
  prepare?: (lab: Lab) => Promise<void>
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
  cleanup?: (lab: Lab) => Promise<void>
  /** Likely causes of a failure, each with the command to look further; NAMESPACE is replaced. */
  hints: readonly string[]
}
