import type { Kubectl, LongRunning } from './kubectl.ts'

interface Forward {
  process: LongRunning
  ports: Promise<Map<number, number>>
}

const FORWARDING = /^Forwarding from 127\.0\.0\.1:(\d+) -> (\d+)$/
const ATTEMPTS = 5

export interface PortForwardsOptions {
  kubectl: Kubectl
  namespace: string
  signal: AbortSignal
  /** Longest wait for a forward to begin, ms. */
  timeoutMs: number
}

/** Port-forwards to pods, one process for each pod. Started on first use, and again after one has ended. */
export class PortForwards {
  readonly #kubectl: Kubectl
  readonly #namespace: string
  readonly #signal: AbortSignal
  readonly #timeoutMs: number
  readonly #forwards = new Map<string, Forward>()
  #isClosed = false

  constructor({ kubectl, namespace, signal, timeoutMs }: PortForwardsOptions) {
    this.#kubectl = kubectl
    this.#namespace = namespace
    this.#signal = signal
    this.#timeoutMs = timeoutMs
  }

  /**
   * The local port that forwards to one of `ports` of a pod. Rejects if kubectl cannot create the forward, with the
   * signal's reason, and after `close`.
   */
  async port(pod: string, ports: readonly number[], port: number): Promise<number> {
    for (let attempt = 1; ; attempt += 1) {
      this.#signal.throwIfAborted()
      if (this.#isClosed) throw new Error(`The port-forwards of namespace ${this.#namespace} are closed`)
      const forward = this.#forwards.get(pod) ?? this.#start(pod, ports)
      try {
        const local = (await forward.ports).get(port)
        if (local === undefined) throw new Error(`Port ${port} of pod ${pod} is not forwarded`)
        return local
      } catch (error) {
        // Leaves the process to `close`, which waits for its end.
        this.#signal.throwIfAborted()
        this.drop(pod)
        if (attempt >= ATTEMPTS) throw error
      }
    }
  }

  /** Starts a forward ahead of its first use; not after `close`. */
  prepare(pod: string, ports: readonly number[]): void {
    if (!this.#isClosed && !this.#forwards.has(pod)) this.#start(pod, ports)
  }

  /** Ends the forwards to pods that no longer exist. */
  keep(pods: ReadonlySet<string>): void {
    for (const pod of [...this.#forwards.keys()]) if (!pods.has(pod)) this.drop(pod)
  }

  /** Ends the forward to a pod; the next request starts a new one. */
  drop(pod: string): void {
    this.#forwards.get(pod)?.process.stop()
    this.#forwards.delete(pod)
  }

  /** Ends all forwards and waits until their processes have exited. */
  async close(): Promise<void> {
    this.#isClosed = true
    const ending = [...this.#forwards.values()].map(({ process }) => process.ended)
    for (const pod of [...this.#forwards.keys()]) this.drop(pod)
    await Promise.all(ending)
  }

  #start(pod: string, ports: readonly number[]): Forward {
    const args = ['port-forward', '-n', this.#namespace, '--address', '127.0.0.1', `pod/${pod}`]
    const process = this.#kubectl.start([...args, ...ports.map((port) => `:${port}`)])
    const found = new Map<number, number>()
    const forwarded = new Promise<Map<number, number>>((resolve, reject) => {
      const late = setTimeout(
        () => reject(new Error(`The port-forward to ${pod} did not begin within ${this.#timeoutMs} ms`)),
        this.#timeoutMs,
      )
      const onAbort = () => reject(this.#signal.reason as Error)
      this.#signal.addEventListener('abort', onAbort, { once: true })
      const stopWaiting = () => {
        clearTimeout(late)
        this.#signal.removeEventListener('abort', onAbort)
      }
      process.onLine((line) => {
        const [, local, remote] = FORWARDING.exec(line) ?? []
        if (local !== undefined && remote !== undefined) found.set(Number(remote), Number(local))
        if (found.size < ports.length) return
        stopWaiting()
        resolve(found)
      })
      void process.ended.then((stderr) => {
        stopWaiting()
        if (this.#forwards.get(pod)?.process === process) this.#forwards.delete(pod)
        reject(new Error(`The port-forward to ${pod} ended: ${stderr.trim()}`))
      })
    })
    forwarded.catch(() => undefined)
    const forward = { process, ports: forwarded }
    this.#forwards.set(pod, forward)
    return forward
  }
}
