import type { Fault } from '@linkerd-scenario/contract'
import type { ArmedFault } from './armed-fault.ts'
import { type Effect, effectOf } from './fault-effects.ts'

/** A fault that hits a request. */
export interface PlannedFault {
  fault: Fault
  /** The fault in the text form. */
  text: string
}

type Planned<Phase extends Effect['phase']> = PlannedFault & Extract<Effect, { phase: Phase }>

/** What happens to one request, in this order. */
export interface FaultPlan {
  waits: (PlannedFault & { ms: number })[]
  end: Planned<'end'> | undefined
  shapes: Planned<'shape'>[]
}

/**
 * Puts the faults that hit one request in their order, which does not depend on the order of the list:
 * 1. all delays, one after the other;
 * 2. the first in the list that ends the request;
 * 3. without one, the service answers, and the first fault of each shaping kind changes the answer.
 * Undefined if no fault hits.
 */
export function planFaults(hits: readonly ArmedFault[]): FaultPlan | undefined {
  if (hits.length === 0) return undefined
  const plan: FaultPlan = { waits: [], end: undefined, shapes: [] }
  for (const armed of hits) {
    const { fault, text } = armed
    const effect = effectOf(fault)
    switch (effect.phase) {
      case 'wait':
        plan.waits.push({ fault, text, ms: effect.ms(armed.random()) })
        break
      case 'end':
        plan.end ??= { fault, text, ...effect }
        break
      case 'shape':
        if (!plan.shapes.some((shape) => shape.fault.kind === fault.kind)) plan.shapes.push({ fault, text, ...effect })
        break
    }
  }
  return plan
}
