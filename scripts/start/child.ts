import { join } from 'node:path'
import { execa } from 'execa'
import { logLine } from './log-line.ts'

const root = join(import.meta.dirname, '../..')
const exitWithParent = new URL('exit-with-parent.ts', import.meta.url).href

/** One service as a child process. Its log goes to our stdout: readable on a terminal, unchanged elsewhere. */
export class Child {
  /** The exit status, once the process has ended; 1 if a signal ended it. */
  readonly ended: Promise<number>
  readonly #process: ReturnType<typeof startService>
  #isStopping = false

  constructor(service: string, { env, watch }: { env: NodeJS.ProcessEnv; watch: boolean }) {
    const flags = watch ? ['--watch', '--watch-preserve-output'] : ['--import', exitWithParent]
    this.#process = startService([...flags, `services/${service}/src/server.ts`], env)
    this.ended = this.#process.then(({ exitCode, signal }) => {
      // The signal came before the process could handle it: there was nothing to lose yet.
      if (this.#isStopping && signal === 'SIGTERM') return 0
      if (exitCode !== 0) console.error(`${service} ended with ${signal ?? `status ${exitCode}`}.`)
      return exitCode ?? 1
    })
    void this.#showLog(service)
  }

  /** Tells the process to drain and end. */
  stop(): void {
    this.#isStopping = true
    this.#process.kill('SIGTERM')
  }

  /** Kills the process. */
  kill(): void {
    this.#process.kill('SIGKILL')
  }

  async #showLog(service: string): Promise<void> {
    for await (const line of this.#process) {
      const { text, fatal } = logLine(service, line, { isTerminal: process.stdout.isTTY })
      process.stdout.write(text)
      // If stdout goes to a file, nobody would see the reason.
      if (fatal !== undefined && !process.stdout.isTTY) console.error(`${service}: ${fatal}`)
    }
  }
}

function startService(args: readonly string[], env: NodeJS.ProcessEnv) {
  return execa(process.execPath, args, {
    cwd: root,
    env,
    extendEnv: false,
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    buffer: false,
    reject: false,
    // Its own process group, so that Ctrl-C reaches it once, from us, and not from the terminal as well.
    detached: process.platform !== 'win32',
  })
}
