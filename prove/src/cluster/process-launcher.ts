import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import type { Launcher, LongRunning } from './kubectl.ts'

const SHELL = '/bin/sh'
/**
 * Runs a command until it exits or its standard input closes. The prover holds the input pipe open, so a prover that is
 * killed leaves no port-forward behind.
 */
const UNTIL_INPUT_ENDS = `
exec 3<&0
"$@" 3<&- </dev/null & command=$!
{ read -r _ <&3; kill "$command"; } >/dev/null 2>&1 & watcher=$!
wait "$command"; code=$?
kill "$watcher" 2>/dev/null
exit "$code"`

/** In its own process group, so that Ctrl-C in the terminal does not reach it: the run ends it itself. */
const OPTIONS = { detached: process.platform !== 'win32' }

/** Starts the program as child processes of this one. */
export function processLauncher(program: string): Launcher {
  return {
    run: (args, input, signal) =>
      new Promise((resolve, reject) => {
        const child = spawn(program, args, { ...OPTIONS, signal })
        let stdout = ''
        let stderr = ''
        child.stdout.setEncoding('utf8').on('data', (text: string) => {
          stdout += text
        })
        child.stderr.setEncoding('utf8').on('data', (text: string) => {
          stderr += text
        })
        child.stdin.on('error', () => undefined)
        child.stdin.end(input)
        child.on('error', reject)
        child.on('close', (code) => resolve({ code: code ?? -1, stdout, stderr }))
      }),
    start: (args) => {
      if (!existsSync(SHELL)) {
        const child = spawn(program, args, OPTIONS)
        return longRunning(child, () => child.kill('SIGTERM'))
      }
      const child = spawn(SHELL, ['-c', UNTIL_INPUT_ENDS, SHELL, program, ...args], OPTIONS)
      return longRunning(child, () => child.stdin.end())
    },
  }
}

function longRunning(child: ChildProcess, stop: () => void): LongRunning {
  const listeners: ((line: string) => void)[] = []
  let rest = ''
  let stderr = ''
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) for (const listener of listeners) listener(line)
  })
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr = (stderr + text).slice(-2000)
  })
  return {
    onLine: (listener) => listeners.push(listener),
    ended: new Promise((resolve) => {
      child.on('error', (error) => resolve(error.message))
      child.on('close', () => resolve(stderr))
    }),
    stop,
  }
}
