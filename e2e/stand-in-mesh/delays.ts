import recorded from './recorded/delays.json' with { type: 'json' }

/** How long the cluster takes for what the stand-in does at once, in ms. */
export interface Delays {
  /** From a pod's creation until its containers run. */
  podStartMs: number
  /** From a change of a pod's readiness until every proxy knows. */
  endpointsMs: number
  /** From an apply or a delete until every proxy follows it. */
  policiesMs: number
  /** Of a namespace, beyond the end of its pods. */
  namespaceRemovalMs: number
}

export const NO_DELAYS: Delays = { podStartMs: 0, endpointsMs: 0, policiesMs: 0, namespaceRemovalMs: 0 }

/** As seen on a real cluster with one node of two cores. */
export const REAL_DELAYS: Delays = recorded
