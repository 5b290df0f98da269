import yoctoSpinner from 'yocto-spinner'
import { duration } from '../expectations/wording.ts'
import type { Watcher } from '../run-context.ts'

export interface Progress extends Watcher {
  /** Something is going on that does not belong to a feature. */
  says: (text: string) => void
  /** A line that stays. */
  notes: (line: string) => void
  stop: () => void
}

/** Progress on a terminal's error output: one spinner, and a line for each finished feature. */
export function spinnerProgress(stream: NodeJS.WriteStream): Progress {
  const spinner = yoctoSpinner({ stream, handleSignals: false })
  const says = (text: string) => {
    spinner.text = text
    spinner.start()
  }
  const notes = (line: string) => {
    spinner.stop()
    stream.write(`${line}\n`)
  }
  return { ...watcher(says, notes), says, notes, stop: () => spinner.stop() }
}

/** Progress as plain lines, for a log. */
export function lineProgress(stream: { write: (text: string) => unknown }): Progress {
  const notes = (line: string) => void stream.write(`${line}\n`)
  return { ...watcher(() => undefined, notes), says: notes, notes, stop: () => undefined }
}

/** No progress: the verdicts are printed at the end. */
export function quietProgress(): Progress {
  const nothing = () => undefined
  return { ...watcher(nothing, nothing), says: nothing, notes: nothing, stop: nothing }
}

function watcher(says: (text: string) => void, notes: (line: string) => void): Watcher {
  return {
    starts: ({ name }) => says(`${name} …`),
    phase: ({ name }, state) => says(`${name}: ${state} …`),
    ends: ({ feature, verdict, durationMs }) => notes(`${feature}: ${verdict} (${duration(durationMs)})`),
  }
}
