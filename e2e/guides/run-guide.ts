import { setTimeout as sleep } from 'node:timers/promises'
import { mismatch } from '../../scripts/tour/expected-output.ts'
import type { GuideCluster } from './clusters.ts'
import type { GuideCommand } from './guide.ts'
import { RunningCommand, runInShell } from './shell.ts'

/** What came of one command. */
export interface Ran {
  command: GuideCommand
  output: string
  /** Why it is not as the guide says, with file and line; undefined if it is. */
  problem: string | undefined
}

/** `npm run test:prove` proves the same features against the same stand-in mesh. `--from` needs no mesh. */
const PROOF = /^npm run prove -- (?!--from)/

/** Where a command is run that is not run here; undefined if it is run here. */
export function leftTo(
  { place, command }: GuideCommand,
  isRealMesh: boolean,
): 'a real mesh' | 'the reader' | undefined {
  if (place === 'not tested') return 'the reader'
  return !isRealMesh && (place === 'real mesh' || PROOF.test(command)) ? 'a real mesh' : undefined
}

const READY_MS = 15_000
const POLL_MS = 20

/** Runs the commands of a guide one after the other, up to the first that is not as the guide says; then it undoes. */
export class GuideRunner implements AsyncDisposable {
  readonly #cluster: GuideCluster
  readonly #running: RunningCommand[] = []

  constructor(cluster: GuideCluster) {
    this.#cluster = cluster
  }

  async run(commands: readonly GuideCommand[]): Promise<Ran[]> {
    const ran: Ran[] = []
    const mine = commands.filter((command) => leftTo(command, this.#cluster.isReal) === undefined)
    for (const command of mine) {
      const one = await this.#runOne(command)
      ran.push(one)
      if (one.problem === undefined) continue
      await this.#undo(mine.slice(mine.indexOf(command) + 1))
      break
    }
    return ran
  }

  /** Ends the commands that are still running. */
  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#running.map((command) => command.stop()))
  }

  /** After a failure, so that the next guide finds the cluster as it should be. */
  async #undo(left: readonly GuideCommand[]): Promise<void> {
    for (const command of left) if (command.section === 'Undo') await this.#runOne(command)
  }

  async #runOne(command: GuideCommand): Promise<Ran> {
    const text = await this.#cluster.ports.translate(command.command)
    const output = await (command.place === 'another terminal'
      ? this.#start(command, text)
      : this.#finish(command, text))
    const restored = this.#cluster.ports.restore(output.text)
    const { file, line } = command
    const problem = output.failed ? `${file}:${line}: the command failed:\n${restored}` : unlike(command, restored)
    return { command, output: restored, problem }
  }

  /** Runs a command to its end. On a real mesh what it changed takes a moment: a call is then repeated. */
  async #finish(command: GuideCommand, text: string): Promise<{ text: string; failed: boolean }> {
    const { environment, timeoutMs, settleMs } = this.#cluster
    const deadline = performance.now() + settleMs
    for (;;) {
      const { failed, output } = await runInShell(text, environment, timeoutMs)
      const fits = !failed && mismatch(command.expected, this.#cluster.ports.restore(output)) === undefined
      if (fits || !/^(curl|linkerd) /.test(text) || performance.now() > deadline) return { text: output, failed }
      await sleep(500)
    }
  }

  /** Starts a command that keeps running, and waits for the output that the guide shows. */
  async #start(command: GuideCommand, text: string): Promise<{ text: string; failed: boolean }> {
    const running = new RunningCommand(text, this.#cluster.environment)
    this.#running.push(running)
    const deadline = performance.now() + READY_MS
    const isThere = () => mismatch(command.expected, this.#cluster.ports.restore(running.output)) === undefined
    while (!isThere() && !running.hasEnded && performance.now() < deadline) await sleep(POLL_MS)
    return { text: running.output, failed: running.hasEnded }
  }
}

/** How an output differs from what the guide shows, with file and line; undefined if it does not. */
export function unlike({ file, line, command, expected }: GuideCommand, output: string): string | undefined {
  const found = mismatch(expected, output)
  if (found === undefined) return undefined
  return `${file}:${line + command.split('\n').length + found.line}: ${found.message}`
}
