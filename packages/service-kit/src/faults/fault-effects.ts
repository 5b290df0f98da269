import { canonicalFault, type Fault, type FaultKind, type FaultOf } from '@linkerd-scenario/contract'
import { kitErrors } from '../errors/kit-errors.ts'
import type { AnswerShape } from './answer-shape.ts'
import { delayMs } from './delay.ts'

/** The ways in which a fault can end a request. */
export interface Ending {
  /** Answers with an error instead of the service's answer. */
  answer(error: Error): void
  /** Ends the connection without an answer: with a TCP RST, or with a FIN. */
  cut(how: 'reset' | 'close'): void
  /** Never answers, until the caller leaves or the process stops. */
  hang(): void
}

/** When a fault acts, and what it does. */
export type Effect =
  /** Before the handler: how long the request waits, milliseconds, for a random number from 0 to 1. */
  | { phase: 'wait'; ms: (random: number) => number }
  /** In place of the handler. */
  | { phase: 'end'; end: (request: Ending) => void }
  /** After the handler: changes the service's answer. */
  | { phase: 'shape'; shape: (answer: AnswerShape) => void }

/** What each kind of fault does. A kind of the contract that is missing here does not compile. */
const EFFECTS: { [Kind in FaultKind]: (fault: FaultOf<Kind>) => Effect } = {
  delay: (fault) => ({ phase: 'wait', ms: (random) => delayMs(fault, random) }),
  status: (fault) => ({ phase: 'end', end: (request) => request.answer(statusProblem(fault)) }),
  reset: () => ({ phase: 'end', end: (request) => request.cut('reset') }),
  close: () => ({ phase: 'end', end: (request) => request.cut('close') }),
  hang: () => ({ phase: 'end', end: (request) => request.hang() }),
  size: ({ bytes }) => ({
    phase: 'shape',
    shape: (answer) => {
      answer.minimumBytes = bytes
    },
  }),
  truncate: ({ bytes }) => ({
    phase: 'shape',
    shape: (answer) => {
      answer.sentBytes = bytes
      // Node closes the connection after such an answer, whatever its content-length says.
      answer.headers['connection'] = 'close'
    },
  }),
}

/** What a fault does. */
export function effectOf(fault: Fault): Effect {
  const effect = EFFECTS[fault.kind] as (fault: Fault) => Effect
  return effect(fault)
}

function statusProblem(fault: FaultOf<'status'>): Error {
  const retryAfter = fault['retry-after']
  return kitErrors.FAULT_INJECTED({
    status: fault.code,
    detail: `The fault ${canonicalFault(fault)} made this answer`,
    ...(retryAfter === undefined ? {} : { headers: { 'retry-after': String(retryAfter) } }),
  })
}
