import type { Kubectl } from './kubectl.ts'
import type { Clock, Pace } from './pace.ts'
import type { Waits } from './waits.ts'

/** What is needed to read a namespace of the run, and to wait for changes in it. */
export interface NamespaceAccess {
  namespace: string
  kubectl: Kubectl
  clock: Clock
  pace: Pace
  signal: AbortSignal
  waits: Waits
}
