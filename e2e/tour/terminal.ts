import { until } from '@linkerd-scenario/test-kit/until'
import { execa } from 'execa'
import { root } from '../repository/tools.ts'

/** How long the terminal may take to show something. */
const WITHIN_MS = 30_000

/** A command in a pseudo-terminal, with its keyboard and what it shows. It needs `script` of util-linux. */
export class Terminal implements AsyncDisposable {
  readonly #process: ReturnType<typeof start>
  #shown = ''
  #seen = 0

  constructor(command: string, environment: Record<string, string>) {
    this.#process = start(command, environment)
    this.#process.stdout.setEncoding('utf8').on('data', (part: string) => {
      this.#shown += part
    })
  }

  /** Everything that it has shown. */
  get shown(): string {
    return this.#shown
  }

  /** Waits until a text is shown, after what was waited for before. */
  async shows(text: string): Promise<void> {
    const at = await until(
      () => this.#shown.indexOf(text, this.#seen),
      (found) => found >= 0,
      { withinMs: WITHIN_MS, everyMs: 50 },
    )
    this.#seen = at + text.length
  }

  press(keys: string): void {
    this.#process.stdin.write(keys)
  }

  /** Waits for its end; returns the exit status. */
  async end(): Promise<number | undefined> {
    return (await this.#process).exitCode
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#process.kill()
    await this.#process
  }
}

const start = (command: string, environment: Record<string, string>) =>
  execa('script', ['-qfec', `stty cols 120 rows 60; exec ${command}`, '/dev/null'], {
    cwd: root,
    env: environment,
    reject: false,
    stdin: 'pipe',
    stdout: 'pipe',
    stderr: 'inherit',
    timeout: 120_000,
  })
