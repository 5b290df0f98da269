import { existsSync, readdirSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { markedProcesses } from './marked-processes.ts'

/** Things that a test must not leave behind. */
export interface Watched {
  /** How the marks of its processes start. */
  mark: string
  /** The folder that the tests use as the temporary folder. */
  folder: string
  /** Sockets and child processes that Node itself counts, by kind; none where this process has no part in it. */
  handles?: () => string[]
}

const SETTLE_MS = 5000
/** npm's compile cache, which npm keeps between runs. */
const NPM_CACHE = 'node-compile-cache'

/** One line for each thing left behind. Processes and sockets need a moment to end, so it checks until nothing is left. */
export async function leftovers(watched: Watched, withinMs = SETTLE_MS): Promise<string[]> {
  const deadline = performance.now() + withinMs
  for (;;) {
    const left = look(watched)
    if (left.length === 0 || performance.now() > deadline) return left
    await sleep(20)
  }
}

function look({ mark, folder, handles = () => [] }: Watched): string[] {
  return [
    ...markedProcesses(mark).map(
      ({ pid, command, mark: by }) => `process ${pid}, started by ${by.split(' ').slice(1).join(' ')}: ${command}`,
    ),
    ...namesIn(folder).map((name) => `in the temporary folder: ${name}`),
    ...handles().map((kind) => `open in the test process: ${kind}`),
  ]
}

function namesIn(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder).filter((name) => name !== NPM_CACHE) : []
}
