import {
  afterRun,
  afterSkip,
  type Comparison,
  compare,
  type Decision,
  nextStep,
  type Outcome,
  type Progress,
  type Reaction,
  standingSteps,
} from './engine.ts'
import type { Shell } from './shell.ts'
import type { Step } from './step.ts'

/** What the tour shows and asks. */
export interface Screen {
  announce: (step: Step, number: number, count: number) => void
  decide: (step: Step) => Promise<Decision>
  /** Shows how the outcome compares with what was expected. */
  judge: (step: Step, comparison: Comparison) => Promise<void>
  react: (step: Step, comparison: Comparison) => Promise<Reaction>
}

export interface Tour {
  steps: readonly Step[]
  screen: Screen
  shell: Shell
  /** Keeps the progress for another time. */
  save: (progress: Progress) => Promise<void>
}

const NOTHING_TO_RUN: Outcome = { failed: false, output: '' }

/** Goes through the steps from `start` on. Returns how far it came, and whether that is the end. */
export async function runTour(tour: Tour, start: Progress): Promise<{ progress: Progress; isLeft: boolean }> {
  const { steps, screen, shell, save } = tour
  for (const step of standingSteps(steps, start)) await shell.start(step)
  let progress = start
  for (let step = nextStep(steps, progress); step !== undefined; step = nextStep(steps, progress)) {
    screen.announce(step, progress.position + 1, steps.length)
    const decision = await screen.decide(step)
    if (decision === 'leave' || shell.isInterrupted()) return { progress, isLeft: true }
    const after = decision === 'skip' ? afterSkip(progress) : await runStep(tour, step, progress)
    await save(after)
    const isHere = after.position === progress.position
    progress = after
    if (isHere) return { progress, isLeft: true }
  }
  return { progress, isLeft: false }
}

/** The progress after a step; at the same position if the tour is left there. */
async function runStep({ screen, shell }: Tour, step: Step, progress: Progress): Promise<Progress> {
  for (;;) {
    const outcome = await outcomeOf(shell, step)
    const comparison = compare(step, outcome)
    const after = afterRun(progress, step, comparison)
    if (shell.isInterrupted()) return { ...after, position: progress.position, surprises: progress.surprises }
    await screen.judge(step, comparison)
    const reaction = comparison.fits ? 'go' : await screen.react(step, comparison)
    if (reaction === 'go') return after
    if (reaction === 'leave') return { ...after, position: progress.position, surprises: progress.surprises }
  }
}

function outcomeOf(shell: Shell, step: Step): Promise<Outcome> | Outcome {
  if (step.command === undefined) return NOTHING_TO_RUN
  return step.keepsRunning ? shell.start(step) : shell.run(step.command)
}
