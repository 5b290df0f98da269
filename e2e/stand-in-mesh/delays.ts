import recorded from './recorded/delays.json' with { type: 'json' }

/** How long a real cluster takes for what the stand-in does at once, in ms. */
export interface Delays {
  /** From a pod's creation until its containers run. */
  podStartMs: number
  /** From a change of a pod's readiness until every proxy knows it. */
  endpointsMs: number
  /** From an apply or a delete until every proxy follows it. */
  policiesMs: number
  /** For deleting a namespace, after its pods have ended. */
  namespaceRemovalMs: number
}

export const NO_DELAYS: Delays = { podStartMs: 0, endpointsMs: 0, policiesMs: 0, namespaceRemovalMs: 0 }

/** As measured on a real cluster with one node and two cores. */
export const REAL_DELAYS: Delays = recorded
