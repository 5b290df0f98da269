import { commandLine } from './command-line.ts'
import type { Clock } from './pace.ts'
import type { Waits } from './waits.ts'

/** The output of a command and its exit code. */
export interface Output {
  code: number
  stdout: string
  stderr: string
}

/** A command that keeps running, e.g. a port-forward. */
export interface LongRunning {
  onLine: (listener: (line: string) => void) => void
  /** Resolves when it has ended, with the end of its error output. */
  ended: Promise<string>
  stop: () => void
}

/** Starts programs. Tests replace it when they need no real process. */
export interface Launcher {
  /** Rejects with the code ENOENT if the program is missing, and with the signal's reason. */
  run: (args: readonly string[], input: string | undefined, signal: AbortSignal) => Promise<Output>
  start: (args: readonly string[]) => LongRunning
}

export class KubectlError extends Error {
  readonly stderr: string
  constructor(command: string, { code, stderr }: Output) {
    super(`\`${command}\` ended with ${code}: ${errorIn(stderr)}`)
    this.stderr = stderr
  }
}

/** A line in which kubectl says why it fails: `error: …`, `Error from server (Forbidden): …`. Not a warning. */
export const ERROR_LINE = /^error\b/im

const LONGEST_ERROR = 500

/** The command's own error message, without the warnings before it. */
function errorIn(stderr: string): string {
  const lines = stderr.trim().split(/\s*\n\s*/)
  const first = lines.findIndex((line) => ERROR_LINE.test(line))
  return lines.slice(first).join(' ').slice(0, LONGEST_ERROR)
}

/** Error messages of an API server, or of the connection to it, after which a retry may succeed. */
const TRANSIENT =
  /connection refused|connection to the server .* was refused|connection reset|i\/o timeout|TLS handshake timeout|unexpected EOF|\bEOF$|Unable to connect|ServiceUnavailable|InternalError|Internal error|etcdserver|too many requests|try again|Timeout/im

/** Whether the API server, or the connection to it, may recover from this error. */
export function isTransient(stderr: string): boolean {
  return TRANSIENT.test(errorIn(stderr))
}

/** Characters of an argument that is still read in a line. */
const LONGEST_ARGUMENT = 100

/** The command without the scripts and templates in it, as the name of a wait. */
function shortened(args: readonly string[]): string {
  return ['kubectl', ...args].map((arg) => (arg.includes('\n') || arg.length > LONGEST_ARGUMENT ? '…' : arg)).join(' ')
}

const ATTEMPTS = 5

interface CommandOptions {
  /** For the standard input. */
  input?: string
  /** Time limit for one try, ms. */
  timeoutMs?: number
  /** Tries at most; 1 for a command that is not safe to repeat. */
  attempts?: number
}

export interface KubectlOptions {
  launcher: Launcher
  /** Arguments that precede those of every command. */
  context: string | undefined
  clock: Clock
  /** Time limit for one try, ms. */
  timeoutMs: number
  /** Ends running commands and refuses new ones. */
  signal: AbortSignal
  onCommand: (line: string) => void
  /** Is notified of slow commands; optional. */
  waits?: Waits | undefined
}

/** Runs kubectl. Retries commands that fail because of the API server, unless told that one must not be repeated. */
export class Kubectl {
  readonly #options: KubectlOptions
  constructor(options: KubectlOptions) {
    this.#options = options
  }

  /** A copy with some options changed, e.g. another signal for the clean-up after an interrupt. */
  with(change: Partial<KubectlOptions>): Kubectl {
    return new Kubectl({ ...this.#options, ...change })
  }

  /** The standard output. Rejects with a KubectlError, with ENOENT, and with the signal's reason. */
  async run(args: readonly string[], options: CommandOptions = {}): Promise<string> {
    const { onCommand } = this.#options
    const full = this.#full(args)
    const line = commandLine('kubectl', full)
    onCommand(line)
    const run = () => this.#untilAnswered(full, line, options)
    return this.#options.waits === undefined ? run() : this.#options.waits.during(`\`${shortened(full)}\``, run)
  }

  async #untilAnswered(full: readonly string[], line: string, options: CommandOptions) {
    const { launcher, clock, signal } = this.#options
    const { input, timeoutMs = this.#options.timeoutMs, attempts = ATTEMPTS } = options
    for (let attempt = 1; ; attempt += 1) {
      signal.throwIfAborted()
      const deadline = AbortSignal.timeout(timeoutMs)
      const output = await launcher.run(full, input, AbortSignal.any([signal, deadline])).catch((error: unknown) => {
        signal.throwIfAborted()
        if (!deadline.aborted) throw error
        return { code: -1, stdout: '', stderr: 'Timeout: the command was ended' }
      })
      if (output.code === 0) return output.stdout
      if (attempt >= attempts || !isTransient(output.stderr)) throw new KubectlError(line, output)
      await clock.sleep(100 * attempt, signal)
    }
  }

  /** The standard output as JSON. The caller knows its shape. */
  async json<Shape>(args: readonly string[]): Promise<Shape> {
    return JSON.parse(await this.run([...args, '-o', 'json'])) as Shape
  }

  start(args: readonly string[]): LongRunning {
    const full = this.#full(args)
    this.#options.onCommand(commandLine('kubectl', full))
    return this.#options.launcher.start(full)
  }

  #full(args: readonly string[]): string[] {
    const { context } = this.#options
    return context === undefined ? [...args] : ['--context', context, ...args]
  }
}
