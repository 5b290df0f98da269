import { join, resolve } from 'node:path'
import { execa } from 'execa'
import type { LogLine } from './in-process.ts'
import { until } from './until.ts'

const root = join(import.meta.dirname, '../../..')

export interface Ended {
  code: number | null
  signal: string | null
}

/** A service that runs as a separate process. */
export class ServiceProcess implements AsyncDisposable {
  readonly child: ReturnType<typeof startNode>
  /** Resolves when the process has ended and all of its output is read. */
  readonly ended: Promise<Ended>
  readonly lines: LogLine[] = []
  stdout = ''
  stderr = ''
  port = 0
  adminPort = 0
  #unread = ''

  /** `script` is a path below the root of the repository, or an absolute one. */
  constructor(script: string, env: NodeJS.ProcessEnv, args: readonly string[] = []) {
    this.child = startNode([resolve(root, script), ...args], env)
    this.ended = this.child.then(({ exitCode = null, signal = null }) => ({ code: exitCode, signal }))
    this.child.stdout.setEncoding('utf8').on('data', (text: string) => this.#read(text))
    this.child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.stderr += text
    })
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`
  }

  get adminUrl(): string {
    return `http://127.0.0.1:${this.adminPort}`
  }

  get isRunning(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null
  }

  logged(message: string): LogLine[] {
    return this.lines.filter(({ msg }) => msg === message)
  }

  /** Waits until this many requests are in flight on the public port. */
  async inFlight(count: number): Promise<void> {
    const active = async () => {
      const text = await (await fetch(`${this.adminUrl}/metrics`)).text()
      return Number(/^http_server_active_requests (\d+)$/m.exec(text)?.[1])
    }
    await until(active, (n) => n === count)
  }

  signal(signal: NodeJS.Signals): void {
    this.child.kill(signal)
  }

  /** Waits for the line `listening` and takes the ports from it. */
  async listening(withinMs = 45_000): Promise<this> {
    const seen = () => ({ listening: this.logged('listening')[0], running: this.isRunning, stderr: this.stderr })
    const { listening } = await until(seen, (state) => state.listening !== undefined || !state.running, { withinMs })
    if (listening === undefined) throw new Error(`The service ended at its start: ${this.stdout}${this.stderr}`)
    this.port = listening['server.port'] as number
    this.adminPort = listening['admin.port'] as number
    return this
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.isRunning) this.child.kill('SIGKILL')
    await this.ended
  }

  #read(text: string): void {
    this.stdout += text
    const lines = (this.#unread + text).split('\n')
    this.#unread = lines.pop() ?? ''
    for (const line of lines) if (line.startsWith('{')) this.lines.push(JSON.parse(line) as LogLine)
  }
}

function startNode(args: readonly string[], env: NodeJS.ProcessEnv) {
  return execa(process.execPath, args, {
    env: { PATH: process.env['PATH'], ...env },
    extendEnv: false,
    stdin: 'ignore',
    buffer: false,
    reject: false,
  })
}

/** Starts the provider as a process, on ports that the system picks, and waits until it listens. */
export function spawnProvider(env: NodeJS.ProcessEnv = {}): Promise<ServiceProcess> {
  return new ServiceProcess('services/provider/src/server.ts', onFreePort(env)).listening()
}

/** Starts the consumer as a process, on ports that the system picks, and waits until it listens. */
export function spawnConsumer(providerPort: number, env: NodeJS.ProcessEnv = {}): Promise<ServiceProcess> {
  return new ServiceProcess('services/consumer/src/server.ts', {
    CONSUMER_PORT: '0',
    HOST: '127.0.0.1',
    PROVIDER_HOST: '127.0.0.1',
    PROVIDER_PORT: String(providerPort),
    ...env,
  }).listening()
}

/** Starts the provider with the slow routes of `fixtures/slow-provider.ts` as a process. */
export function spawnSlowProvider(env: NodeJS.ProcessEnv = {}): Promise<ServiceProcess> {
  return new ServiceProcess('e2e/fixtures/slow-provider.ts', onFreePort(env)).listening()
}

function onFreePort(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return { PROVIDER_PORT: '0', HOST: '127.0.0.1', ...env }
}
