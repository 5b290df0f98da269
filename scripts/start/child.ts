import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { logLine } from './log-line.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const exitWithParent = new URL('exit-with-parent.ts', import.meta.url).href

/** One service as a child process: its log goes to our stdout, readable on a terminal, as it is elsewhere. */
export class Child {
  /** The exit status, once the process has ended; 1 where a signal ended it. */
  readonly ended: Promise<number>
  readonly #process: ChildProcess
  readonly #service: string
  #isStopping = false

  constructor(service: string, { env, watch }: { env: NodeJS.ProcessEnv; watch: boolean }) {
    this.#service = service
    const flags = watch ? ['--watch', '--watch-preserve-output'] : ['--import', exitWithParent]
    this.#process = spawn(process.execPath, [...flags, `services/${service}/src/server.ts`], {
      cwd: root,
      env,
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
      // In a process group of its own, so that Ctrl-C reaches it once, from us, and not from the terminal as well.
      detached: process.platform !== 'win32',
    })
    this.ended = new Promise((resolve) => {
      this.#process.on('close', (status, signal) => {
        // Asked to stop before it could handle the signal: there was nothing to lose yet.
        if (this.#isStopping && signal === 'SIGTERM') return resolve(0)
        if (status !== 0) console.error(`${service} ended with ${signal ?? `status ${status}`}.`)
        resolve(status ?? 1)
      })
    })
    if (this.#process.stdout) {
      createInterface({ input: this.#process.stdout }).on('line', (line) => this.#show(line))
    }
  }

  /** Asks the process to drain and end. */
  stop(): void {
    this.#isStopping = true
    this.#process.kill('SIGTERM')
  }

  /** Ends the process at once. */
  kill(): void {
    this.#process.kill('SIGKILL')
  }

  #show(line: string): void {
    const { text, fatal } = logLine(this.#service, line, { isTerminal: process.stdout.isTTY })
    process.stdout.write(text)
    // Piped into a file, the reason would be out of sight.
    if (fatal !== undefined && !process.stdout.isTTY) console.error(`${this.#service}: ${fatal}`)
  }
}
