import { mismatch } from './expected-output.ts'
import type { Step } from './step.ts'

/** How far a tour has come. It is what the state file holds. */
export interface Progress {
  /** Index of the step that comes next. */
  position: number
  /** The steps whose changes are still in the cluster, oldest first. */
  changed: readonly string[]
  /** The steps that came out otherwise than expected. */
  surprises: readonly string[]
}

export const AT_THE_START: Progress = { position: 0, changed: [], surprises: [] }

/** What somebody decides about a step that comes next. */
export type Decision = 'go' | 'skip' | 'leave'

/** What somebody decides about a step that came out otherwise than expected. */
export type Reaction = 'again' | 'go' | 'leave'

/** What a command printed, and whether it failed. */
export interface Outcome {
  failed: boolean
  output: string
}

/** How an outcome compares with what was expected. */
export type Comparison = { fits: true } | { fits: false; why: 'failed' | 'differs'; line: string | undefined }

/** The step that comes next; undefined at the end. */
export function nextStep(steps: readonly Step[], { position }: Progress): Step | undefined {
  return steps[position]
}

/** Compares what came with what the step expects. */
export function compare({ expected = [] }: Step, { failed, output }: Outcome): Comparison {
  if (failed) return { fits: false, why: 'failed', line: undefined }
  const found = mismatch(expected, output)
  return found === undefined ? { fits: true } : { fits: false, why: 'differs', line: expected[found.line] }
}

/**
 * The progress after a step that was run or looked at. A command that failed is not taken back: its change may be
 * somebody else's, like a namespace that was there before. What it did halfway goes with the namespace.
 */
export function afterRun(progress: Progress, step: Step, comparison: Comparison): Progress {
  const isChange = step.undo !== undefined && (comparison.fits || comparison.why === 'differs')
  const changed = isChange ? [...new Set([...progress.changed, step.id])] : progress.changed
  return {
    position: progress.position + 1,
    changed: changed.filter((id) => id !== step.undoes),
    surprises: comparison.fits ? progress.surprises : [...progress.surprises, step.id],
  }
}

export function afterSkip(progress: Progress): Progress {
  return { ...progress, position: progress.position + 1 }
}

/** The commands that take back what is still in the cluster, newest first. */
export function undoCommands(steps: readonly Step[], { changed }: Progress): string[] {
  return steps
    .filter(({ id }) => changed.includes(id))
    .toReversed()
    .flatMap(({ undo }) => (undo === undefined ? [] : [undo]))
}

/** The commands that must run again when a tour goes on: they ended when it was left. */
export function standingSteps(steps: readonly Step[], { position }: Progress): Step[] {
  return steps.slice(0, position).filter(({ keepsRunning }) => keepsRunning)
}
