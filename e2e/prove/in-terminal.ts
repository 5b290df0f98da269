import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { Terminal } from '@xterm/headless'
import { expect } from 'vitest'
import { commandLine } from '../../prove/src/cluster/command-line.ts'
import { CLI, KUBECTL } from './command-line.ts'

/** Runs a command in a terminal of its own. That of util-linux: others take other options. */
const SCRIPT = 'script'
const hasScript = spawnSync(SCRIPT, ['--version'], { encoding: 'utf8' }).stdout?.includes('util-linux') ?? false
const NO_SCRIPT = 'no script of util-linux on the PATH: install bsdutils (Debian, Ubuntu) or util-linux'
/** There, and in `.ci/run`, no test may be missing. */
const isCi = process.env['CI'] !== undefined || process.env['CI_RUN'] !== undefined
const [COLUMNS, ROWS] = [100, 24]

/** Skips the test on a machine that has nothing to make a terminal with; in CI the test fails there. */
export function needsTerminal(skip: (condition: boolean, note: string) => void): void {
  skip(!hasScript && !isCi, NO_SCRIPT)
  expect(hasScript, NO_SCRIPT).toBe(true)
}

/**
 * Runs the prover in a real terminal, and shows what a user sees there. The terminal is gone when `child` is killed;
 * `exit` is its exit, which is that of the prover unless it was killed.
 */
export function inTerminal(cwd: string, args: readonly string[], url: string) {
  const command = `stty cols ${COLUMNS} rows ${ROWS}; exec ${commandLine(process.execPath, [CLI, ...args])}`
  const env = { ...process.env, KUBECTL, STAND_IN_CLUSTER: url, TERM: 'xterm' }
  const child = spawn(SCRIPT, ['-qefc', command, '/dev/null'], { cwd, env })
  const terminal = new Terminal({ cols: COLUMNS, rows: ROWS, allowProposedApi: true })
  child.stdout.on('data', (part: Buffer) => terminal.write(part))
  const screen = () => {
    const { active } = terminal.buffer
    return Array.from({ length: active.length }, (_, row) => active.getLine(row)?.translateToString(true) ?? '')
  }
  return { child, screen, exit: once(child, 'close') as Promise<[number | null]> }
}
