import { join } from 'node:path'
import { execa } from 'execa'
import type { Step } from './steps.ts'

const root = join(import.meta.dirname, '../..')

/** A command of a step failed, and has printed the reason itself; or the user has interrupted. */
export class StepFailed extends Error {}

/** Runs a step. Rejects with a StepFailed if it fails, and if it is interrupted before or meanwhile. */
export async function run(step: Step, interrupted: AbortSignal): Promise<void> {
  const status = interrupted.aborted ? 1 : await statusOf(step, interrupted)
  if (status !== 0 || interrupted.aborted) throw new StepFailed(`${step.says}: ended with ${status}`)
}

/** Runs a step and returns its exit status. The signal ends its commands with SIGTERM, and they are waited for. */
export async function statusOf(
  { says, command, into, file }: Step,
  interrupted = new AbortController().signal,
): Promise<number> {
  console.error(`${says} …`)
  const [program, ...args] = command
  // The commands' output is for people: stdout stays free.
  const quiet = {
    cwd: root,
    reject: false,
    stdin: 'inherit',
    stdout: process.stderr,
    stderr: 'inherit',
    cancelSignal: interrupted,
    // A prover that is told to end takes half a minute to remove what it has made.
    forceKillAfterDelay: false,
  } as const
  if (file !== undefined) return exitCodeOf(await execa(program, args, { ...quiet, stdout: { file } }))
  if (into === undefined) return exitCodeOf(await execa(program, args, quiet))
  const [target, ...targetArgs] = into
  const source = execa(program, args, { ...quiet, stdout: 'pipe' })
  const [first, last] = await Promise.all([source, source.pipe(target, targetArgs, { ...quiet, stdin: 'pipe' })])
  return exitCodeOf(first) || exitCodeOf(last)
}

function exitCodeOf({ failed, exitCode }: { failed: boolean; exitCode?: number }): number {
  return failed ? (exitCode ?? 1) : 0
}
