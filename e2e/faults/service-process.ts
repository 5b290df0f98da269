import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { vi } from 'vitest'

const root = new URL('../..', import.meta.url).pathname
const WAIT = { timeout: 20_000, interval: 20 }

type LogLine = Record<string, unknown>

/** A service in a process of its own, as it runs anywhere else. */
export class ServiceProcess {
  readonly log: LogLine[] = []
  stderr = ''
  readonly #child: ChildProcess
  readonly #closed: Promise<unknown>

  private constructor(service: 'provider' | 'consumer', env: NodeJS.ProcessEnv) {
    const preload = new URL('gc-on-signal.ts', import.meta.url).href
    const args = ['--expose-gc', '--import', preload, `services/${service}/src/server.ts`]
    this.#child = spawn(process.execPath, args, {
      cwd: root,
      env: { PATH: process.env['PATH'], HOST: '127.0.0.1', ADMIN_PORT: '0', ...env },
    })
    this.#closed = once(this.#child, 'close')
    this.#child.stderr?.on('data', (chunk: Buffer) => {
      this.stderr += chunk.toString()
    })
    if (this.#child.stdout) {
      createInterface(this.#child.stdout).on('line', (line) => this.log.push(JSON.parse(line) as LogLine))
    }
  }

  /** Starts a service and waits until it is ready. */
  static async ready(service: 'provider' | 'consumer', env: NodeJS.ProcessEnv = {}): Promise<ServiceProcess> {
    const started = ServiceProcess.start(service, env)
    await vi.waitUntil(() => started.line('ready') ?? started.#child.exitCode !== null, WAIT)
    if (!started.line('ready')) throw new Error(`the ${service} did not start: ${started.stderr}`)
    return started
  }

  /** Starts a service and waits for nothing; its port is picked by the system. */
  static start(service: 'provider' | 'consumer', env: NodeJS.ProcessEnv = {}): ServiceProcess {
    const port = service === 'provider' ? { PROVIDER_PORT: '0' } : { CONSUMER_PORT: '0' }
    return new ServiceProcess(service, { ...port, ...env })
  }

  line(msg: string): LogLine | undefined {
    return this.log.find((line) => line['msg'] === msg)
  }

  get port(): number {
    return Number(this.line('listening')?.['server.port'])
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`
  }

  get adminUrl(): string {
    return `http://127.0.0.1:${String(this.line('listening')?.['admin.port'])}`
  }

  /** Bytes of the heap that are in use after everything unused was collected. */
  async heapBytes(): Promise<number> {
    const lines = () => this.log.filter((line) => 'heapUsed' in line)
    const before = lines().length
    this.#child.kill('SIGUSR2')
    await vi.waitUntil(() => lines().length > before, WAIT)
    return Number(lines().at(-1)?.['heapUsed'])
  }

  /** Sum of a metric's samples whose line contains `label`. */
  async metric(name: string, label = ''): Promise<number> {
    const text = await (await fetch(`${this.adminUrl}/metrics`)).text()
    return text
      .split('\n')
      .filter((line) => (line.startsWith(`${name}{`) || line.startsWith(`${name} `)) && line.includes(label))
      .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0)
  }

  async setFaults(faults: string): Promise<Response> {
    const headers = { 'content-type': 'text/plain' }
    return fetch(`${this.adminUrl}/faults`, { method: 'PUT', body: faults, headers })
  }

  async exitCode(): Promise<number | null> {
    await this.#closed
    return this.#child.exitCode
  }

  /** Ends the process as a cluster does and returns its exit status. */
  async stop(): Promise<number | null> {
    this.#child.kill('SIGTERM')
    return this.exitCode()
  }
}
