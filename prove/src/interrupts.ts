/**
 * One press of Ctrl-C may arrive twice: from the terminal, and from npm or a CI runner. Signals within this time after
 * a press belong to it, ms.
 */
const SAME_PRESS_MS = 500

export interface Interrupts {
  /** Aborted by the first signal: the run ends and cleans up. */
  interrupted: AbortSignal
  /** Aborted by the second signal: all waiting stops. */
  leave: AbortSignal
  /** Call it for each signal. */
  onSignal: () => void
}

/**
 * What signals do: the first interrupts the run, the second ends the wait for the clean-up, the third ends the process.
 * Signals within half a second count as one.
 */
export function interrupts(say: (line: string) => void, exit: () => void, now = () => performance.now()): Interrupts {
  const interrupted = new AbortController()
  const leave = new AbortController()
  let lastPressAt = Number.NEGATIVE_INFINITY
  const onSignal = () => {
    const at = now()
    if (at - lastPressAt < SAME_PRESS_MS) return
    lastPressAt = at
    if (!interrupted.signal.aborted) {
      say('Interrupted: removing what the run has created. A second Ctrl-C does not wait until it is gone.')
      interrupted.abort(new Error('Interrupted'))
    } else if (!leave.signal.aborted) {
      say('Not waiting any longer. The cluster goes on removing it.')
      leave.abort()
    } else exit()
  }
  return { interrupted: interrupted.signal, leave: leave.signal, onSignal }
}
