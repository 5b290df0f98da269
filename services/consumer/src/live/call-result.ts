import type { Hop, Problem } from '@linkerd-scenario/contract'

/** How one call to the provider ended. */
export interface CallResult {
  /** null without an HTTP answer. */
  status: number | null
  latencyMs: number
  /** Only for a failed call. Its hops are in `hops`. */
  problem?: Omit<Problem, 'hops'>
  /** One hop for each service that reported itself. */
  hops: readonly Hop[]
  /** The beginning of the message in the answer. */
  message?: string
}
