import type { LogLine } from '@linkerd-scenario/test-kit/in-process'
import { ServiceProcess } from '@linkerd-scenario/test-kit/service-process'
import { vi } from 'vitest'
import { GC_ON_SIGNAL, heapBytes } from '../stress/heap.ts'

const WAIT = { timeout: 20_000, interval: 20 }

/** A service in its own process: its heap and metrics can be read, and its faults can be set. */
export class ObservedService extends ServiceProcess {
  /** Starts a service and waits until it is ready. */
  static async ready(service: 'provider' | 'consumer', env: NodeJS.ProcessEnv = {}): Promise<ObservedService> {
    const started = await ObservedService.start(service, env).listening()
    await vi.waitUntil(() => started.line('ready') ?? !started.isRunning, WAIT)
    if (!started.line('ready')) throw new Error(`the ${service} did not start: ${started.stderr}`)
    return started
  }

  /** Starts a service without waiting; the system picks its ports. */
  static start(service: 'provider' | 'consumer', env: NodeJS.ProcessEnv = {}): ObservedService {
    return new ObservedService(`services/${service}/src/server.ts`, {
      ...GC_ON_SIGNAL,
      HOST: '127.0.0.1',
      ADMIN_PORT: '0',
      ...(service === 'provider' ? { PROVIDER_PORT: '0' } : { CONSUMER_PORT: '0' }),
      ...env,
    })
  }

  line(message: string): LogLine | undefined {
    return this.logged(message)[0]
  }

  /** Bytes of heap in use after a garbage collection. */
  heapBytes(): Promise<number> {
    return heapBytes(this)
  }

  /** Sum of a metric's samples whose line contains `label`. */
  async metric(name: string, label = ''): Promise<number> {
    const text = await (await fetch(`${this.adminUrl}/metrics`)).text()
    return text
      .split('\n')
      .filter((line) => (line.startsWith(`${name}{`) || line.startsWith(`${name} `)) && line.includes(label))
      .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0)
  }

  setFaults(faults: string): Promise<Response> {
    return fetch(`${this.adminUrl}/faults`, { method: 'PUT', body: faults, headers: { 'content-type': 'text/plain' } })
  }

  async exitCode(): Promise<number | null> {
    return (await this.ended).code
  }

  /** Stops the process as a cluster does, and returns its exit status. */
  async stop(): Promise<number | null> {
    this.signal('SIGTERM')
    return this.exitCode()
  }
}
