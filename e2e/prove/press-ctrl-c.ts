import { setTimeout as sleep } from 'node:timers/promises'
import { until } from '@linkerd-scenario/test-kit/until'
import { expect } from 'vitest'
import type { commandLine } from './command-line.ts'
import { type Moment, NEXT_PRESS_MS } from './random-moments.ts'

type CommandLine = ReturnType<typeof commandLine>

/** Presses Ctrl-C at that moment of a run, and checks how the run ends and what its report says of it. */
export async function pressCtrlC(
  moment: Moment,
  { child, output, exit }: ReturnType<CommandLine['prove']>,
  report: CommandLine['report'],
): Promise<void> {
  // Before its first output it has touched nothing, and ends like any program.
  const stderr = () => output.stderr
  await until(stderr, (text) => text.includes('Context'), { withinMs: 60_000 })
  await sleep(moment.ms)
  child.kill('SIGINT')
  if (moment.presses === 2) {
    await sleep(NEXT_PRESS_MS)
    child.kill('SIGINT')
  }
  expect(await exit, output.stderr).toEqual([130, null])
  expect(output.stdout).toContain('Interrupted')
  const { ending, exitCode, removal } = (await report()) as { ending: string; exitCode: number; removal?: string }
  expect({ ending, exitCode }).toEqual({ ending: 'interrupted', exitCode: 130 })
  // A run that was interrupted while it looked at the cluster has nothing to remove.
  const told = moment.presses === 1 ? ['gone', undefined] : ['gone', 'accepted', undefined]
  expect(told, output.stderr).toContain(removal)
}
