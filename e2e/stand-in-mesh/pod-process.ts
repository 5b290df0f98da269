import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { bundled } from './bundles.ts'

/** The least time between the two signals, whatever the pod says: kubelet's minimumGracePeriodInSeconds. */
const LEAST_GRACE_S = 2

/** The ports on which a service listens. */
export interface Listening {
  appPort: number
  adminPort: number
}

/** The process of a pod's service. */
export class PodProcess {
  readonly #name: string
  /** What it has written. */
  readonly log: string[] = []
  #child: ChildProcess | undefined

  /** `name` is the pod's, for messages. */
  constructor(name: string) {
    this.#name = name
  }

  /** Starts it. Resolves when it is ready, and rejects if it ends before. `onEnd` is called whenever it ends. */
  async start(
    service: 'consumer' | 'provider',
    environment: Record<string, string>,
    { mayStart, onEnd }: { mayStart: () => boolean; onEnd: () => void },
  ): Promise<Listening> {
    const { script, compileCache, livePage } = await bundled(service)
    // Deleted while its proxies started: there is no process to signal yet.
    if (!mayStart()) throw new Error(`${this.#name} was deleted before it began`)
    const { PATH = '', HOME = '' } = process.env
    const child = spawn(process.execPath, [script], {
      env: { PATH, HOME, NODE_COMPILE_CACHE: compileCache, LIVE_PAGE_DIR: livePage, ...environment },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    this.#child = child
    const listening: Listening = { appPort: 0, adminPort: 0 }
    return new Promise((resolve, reject) => {
      child.on('exit', (code) => {
        onEnd()
        reject(new Error(`${this.#name} ended with ${code} before it was ready`))
      })
      createInterface({ input: child.stdout }).on('line', (line) => {
        this.log.push(line)
        const entry = JSON.parse(line) as Record<string, unknown>
        if (entry['msg'] === 'listening') {
          listening.appPort = Number(entry['server.port'])
          listening.adminPort = Number(entry['admin.port'])
        }
        if (entry['msg'] === 'ready') resolve(listening)
      })
    })
  }

  /** As the kubelet does: SIGTERM, then SIGKILL after the grace period. */
  async stop(graceS: number): Promise<void> {
    const child = this.#child
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
    const exit = once(child, 'exit')
    child.kill('SIGTERM')
    const late = setTimeout(() => child.kill('SIGKILL'), Math.max(LEAST_GRACE_S, graceS) * 1000)
    await exit
    clearTimeout(late)
  }
}
