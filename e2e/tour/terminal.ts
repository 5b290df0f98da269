import { fileURLToPath } from 'node:url'
import { until } from '@linkerd-scenario/test-kit/until'
import { execa } from 'execa'
import { root } from '../repository/tools.ts'

/** How long the terminal may take to show something. */
const WITHIN_MS = 30_000

const PRETEND = fileURLToPath(new URL('pretend-terminal.ts', import.meta.url))

/** The tour with a keyboard, and what it shows. */
export class Terminal implements AsyncDisposable {
  readonly #process: ReturnType<typeof start>
  #shown = ''
  #seen = 0

  constructor(options: readonly string[], environment: Record<string, string>) {
    this.#process = start(options, environment)
    this.#process.all.setEncoding('utf8').on('data', (part: string) => {
      this.#shown += part
    })
  }

  /** Everything that it has shown. */
  get shown(): string {
    return this.#shown
  }

  /** Waits until a text is shown, after what was waited for before. */
  async shows(text: string): Promise<void> {
    const find = () => this.#shown.indexOf(text, this.#seen)
    const at = await until(find, (found) => found >= 0, { withinMs: WITHIN_MS, everyMs: 20 }).catch(() => {
      throw new Error(`“${text}” was not shown, but\n${this.#shown.slice(this.#seen)}`)
    })
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

const start = (options: readonly string[], environment: Record<string, string>) =>
  execa(process.execPath, ['--import', PRETEND, 'scripts/tour.ts', ...options], {
    cwd: root,
    env: environment,
    reject: false,
    stdin: 'pipe',
    all: true,
    // A process group of its own: the tour sends Ctrl-C to all of its group.
    detached: true,
    timeout: 120_000,
  })
