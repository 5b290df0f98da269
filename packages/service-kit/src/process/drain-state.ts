/** Signals that arrive this soon after the first are the same key press: a shell, npm or `timeout` forwards one twice. */
export const ONE_PRESS_MS = 500

/**
 * What the process does between the signal and its end:
 * - `serving`: no signal yet;
 * - `delaying`: both ports still accept, readiness is 503 (DRAIN_DELAY_MS);
 * - `closing-public`: the public port accepts nothing new, its requests in flight are answered;
 * - `finishing-admin`: the public port is closed, requests in flight on the admin port are answered;
 * - `closing-admin`: nothing is in flight, the admin port closes;
 * - `stopped`: both ports are closed.
 */
export type DrainPhase = 'serving' | 'delaying' | 'closing-public' | 'finishing-admin' | 'closing-admin' | 'stopped'

export interface DrainState {
  readonly phase: DrainPhase
  /** Time of the first signal, milliseconds. */
  readonly signalledAtMs: number
  /** True once SHUTDOWN_TIMEOUT_MS has passed. */
  readonly isOverdue: boolean
}

export type DrainEvent =
  | { type: 'signal'; atMs: number }
  | { type: 'delay-over' }
  | { type: 'public-closed' }
  | { type: 'admin-idle' }
  | { type: 'admin-closed' }
  | { type: 'timeout' }

/** What `Shutdown` has to do: `cut` ends every connection that is left, `exit-now` ends the process at once. */
export type DrainCommand = 'announce' | 'close-public' | 'close-admin' | 'cut' | 'exit' | 'exit-now'

export interface DrainStep {
  readonly state: DrainState
  readonly commands: readonly DrainCommand[]
}

export const SERVING: DrainState = { phase: 'serving', signalledAtMs: 0, isOverdue: false }

/** The next state after an event, and what is to be done. An event that means nothing in a state changes nothing. */
export function nextDrainStep(state: DrainState, event: DrainEvent): DrainStep {
  switch (event.type) {
    case 'signal':
      return onSignal(state, event.atMs)
    case 'timeout':
      return onTimeout(state)
    case 'delay-over':
      return state.phase === 'delaying' ? step({ ...state, phase: 'closing-public' }, 'close-public') : step(state)
    case 'public-closed':
      if (state.phase !== 'closing-public') return step(state)
      return state.isOverdue ? closeAdmin(state) : step({ ...state, phase: 'finishing-admin' })
    case 'admin-idle':
      return state.phase === 'finishing-admin' ? closeAdmin(state) : step(state)
    case 'admin-closed':
      return state.phase === 'closing-admin' ? step({ ...state, phase: 'stopped' }, 'exit') : step(state)
  }
}

function onSignal(state: DrainState, atMs: number): DrainStep {
  if (state.phase === 'serving') return step({ ...state, phase: 'delaying', signalledAtMs: atMs }, 'announce')
  return atMs - state.signalledAtMs < ONE_PRESS_MS ? step(state) : step(state, 'exit-now')
}

function onTimeout(state: DrainState): DrainStep {
  const overdue = { ...state, isOverdue: true }
  switch (state.phase) {
    case 'closing-public':
    case 'closing-admin':
      return step(overdue, 'cut')
    case 'finishing-admin':
      return step({ ...overdue, phase: 'closing-admin' }, 'cut', 'close-admin')
    case 'serving':
    case 'delaying':
    case 'stopped':
      return step(state)
  }
}

function closeAdmin(state: DrainState): DrainStep {
  return step({ ...state, phase: 'closing-admin' }, 'close-admin')
}

function step(state: DrainState, ...commands: DrainCommand[]): DrainStep {
  return { state, commands }
}
