import type { Hop, Problem } from '@linkerd-scenario/contract'

/** How one call to the provider ended. */
export interface CallResult {
  /** null where no HTTP answer came. */
  status: number | null
  latencyMs: number
  /** Of a call that failed. Its hops are in `hops`. */
  problem?: Omit<Problem, 'hops'>
  /** The services that told of themselves. */
  hops: readonly Hop[]
  /** The beginning of the message that was answered. */
  message?: string
}
