import type { FaultKind, FaultOf } from '@linkerd-scenario/contract'
import type { ArmedFault } from './armed-fault.ts'
import { delayMs } from './delay.ts'

/** Kinds after which there is no answer of the service to wait for. */
const FINAL_KINDS = ['reset', 'close', 'hang', 'status'] as const
type FinalKind = (typeof FINAL_KINDS)[number]

export interface Planned<Kind extends FaultKind> {
  fault: FaultOf<Kind>
  /** The fault in the text form. */
  text: string
}

/** What happens to one request. */
export interface FaultPlan {
  delays: (Planned<'delay'> & { ms: number })[]
  final: Planned<FinalKind> | undefined
  size: Planned<'size'> | undefined
  truncate: Planned<'truncate'> | undefined
}

/**
 * Puts the faults that hit one request in their order, which does not depend on the order of the list:
 * 1. all delays, one after the other;
 * 2. of reset, close, hang and status the first in the list, which ends the request;
 * 3. else the service answers, and the first `size`, then the first `truncate` shape its answer.
 * Undefined where none hits.
 */
export function planFaults(hits: readonly ArmedFault[]): FaultPlan | undefined {
  if (hits.length === 0) return undefined
  const plan: FaultPlan = { delays: [], final: undefined, size: undefined, truncate: undefined }
  for (const armed of hits) {
    const { fault, text } = armed
    switch (fault.kind) {
      case 'delay':
        plan.delays.push({ fault, text, ms: delayMs(fault, armed.random()) })
        break
      case 'size':
        plan.size ??= { fault, text }
        break
      case 'truncate':
        plan.truncate ??= { fault, text }
        break
      case 'reset':
      case 'close':
      case 'hang':
      case 'status':
        plan.final ??= { fault, text }
        break
    }
  }
  return plan
}
