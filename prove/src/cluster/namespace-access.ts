import type { Kubectl } from './kubectl.ts'
import type { Clock, Pace } from './pace.ts'
import type { Waits } from './waits.ts'

/** What reading a namespace of the run takes, and waiting for what happens there. */
export interface NamespaceAccess {
  namespace: string
  kubectl: Kubectl
  clock: Clock
  pace: Pace
  signal: AbortSignal
  waits: Waits
}
