import { setTimeout as sleep } from 'node:timers/promises'
import { execa } from 'execa'
import type { Outcome } from './engine.ts'
import { mismatch } from './expected-output.ts'
import { takeKeys } from './keyboard.ts'
import type { Step } from './step.ts'

/** Runs the commands of steps. */
export interface Shell {
  /** Runs a command to its end; what it prints is seen at once. */
  run: (command: string) => Promise<Outcome>
  /** Starts a command that keeps running, and resolves when it has printed what the step expects. */
  start: (step: Step) => Promise<Outcome>
  /** Whether Ctrl-C was pressed while a command was running. */
  isInterrupted: () => boolean
  /** Ends what keeps running. */
  close: () => Promise<void>
}

const START_MS = 20_000
const POLL_MS = 50

/** Commands run in bash, in `folder`. */
export function openShell(folder: string, environment: Record<string, string>): Shell {
  const options = { cwd: folder, env: environment, reject: false, all: true, stdin: 'ignore' } as const
  const running: (() => Promise<void>)[] = []
  let interrupted = false
  // The command gets the signal as well, from the terminal. Its end is waited for.
  const onInterrupt = () => {
    interrupted = true
  }
  process.on('SIGINT', onInterrupt)

  return {
    run: async (command) => {
      const giveBackKeys = takeKeys()
      const { failed, all } = await execa('bash', ['-c', command], {
        ...options,
        stripFinalNewline: false,
        stdout: ['pipe', 'inherit'],
        stderr: ['pipe', 'inherit'],
      }).finally(giveBackKeys)
      if (all !== '' && !all.endsWith('\n')) process.stdout.write('\n')
      return { failed, output: all }
    },
    start: async ({ command = '', expected = [] }) => {
      // Without exec, bash would take the signal in its place. Detached, so that Ctrl-C does not end it.
      const child = execa('bash', ['-c', `exec ${command}`], { ...options, detached: true, cleanup: true })
      let output = ''
      let hasEnded = false
      child.all.setEncoding('utf8').on('data', (part: string) => {
        output += part
      })
      const ended = child.then(() => {
        hasEnded = true
      })
      running.push(async () => {
        child.kill()
        await ended
      })
      const giveBackKeys = takeKeys()
      const deadline = performance.now() + START_MS
      while (!hasEnded && mismatch(expected, output) !== undefined && performance.now() < deadline) await sleep(POLL_MS)
      giveBackKeys()
      process.stdout.write(output)
      return { failed: hasEnded, output }
    },
    isInterrupted: () => interrupted,
    close: async () => {
      process.off('SIGINT', onInterrupt)
      await Promise.all(running.map((stop) => stop()))
    },
  }
}
