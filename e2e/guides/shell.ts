import { type ExecaError, execa } from 'execa'
import { root } from '../repository/tools.ts'

/** Runs a command of a guide as a reader would: in bash, in the repository's folder. Returns its whole output. */
export async function runInShell(
  command: string,
  environment: Record<string, string>,
  timeoutMs: number,
): Promise<{ failed: boolean; output: string }> {
  const { failed, all, shortMessage } = (await execa('bash', ['-c', command], {
    cwd: root,
    env: environment,
    reject: false,
    all: true,
    stdin: 'ignore',
    timeout: timeoutMs,
  })) as ExecaError<{ all: true }>
  return { failed, output: failed ? `${all}\n${shortMessage}` : all }
}

const start = (command: string, environment: Record<string, string>) =>
  // Without exec, bash would keep running as the parent, and take the signal in its place.
  execa('bash', ['-c', `exec ${command}`], { cwd: root, env: environment, reject: false, all: true, stdin: 'ignore' })

/** A command that keeps running, like a port-forward in a terminal of its own. */
export class RunningCommand {
  readonly #process: ReturnType<typeof start>
  #output = ''
  #hasEnded = false

  constructor(command: string, environment: Record<string, string>) {
    this.#process = start(command, environment)
    this.#process.all.setEncoding('utf8').on('data', (part: string) => {
      this.#output += part
    })
    void this.#process.then(() => {
      this.#hasEnded = true
    })
  }

  /** What it has printed. */
  get output(): string {
    return this.#output
  }

  get hasEnded(): boolean {
    return this.#hasEnded
  }

  async stop(): Promise<void> {
    this.#process.kill()
    await this.#process
  }
}
