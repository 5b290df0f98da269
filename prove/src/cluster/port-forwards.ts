import type { Kubectl, LongRunning } from './kubectl.ts'

interface Forward {
  process: LongRunning
  ports: Promise<Map<number, number>>
}

const FORWARDING = /^Forwarding from 127\.0\.0\.1:(\d+) -> (\d+)$/
const ATTEMPTS = 5

/** Port-forwards to pods, one process for each pod. Started on first use, and again after one has ended. */
export class PortForwards {
  readonly #kubectl: Kubectl
  readonly #namespace: string
  readonly #timeoutMs: number
  readonly #forwards = new Map<string, Forward>()

  constructor(kubectl: Kubectl, namespace: string, timeoutMs: number) {
    this.#kubectl = kubectl
    this.#namespace = namespace
    this.#timeoutMs = timeoutMs
  }

  /** The local port that forwards to one of `ports` of a pod. Rejects if kubectl cannot create the forward. */
  async port(pod: string, ports: readonly number[], port: number): Promise<number> {
    for (let attempt = 1; ; attempt += 1) {
      const forward = this.#forwards.get(pod) ?? this.#start(pod, ports)
      try {
        const local = (await forward.ports).get(port)
        if (local === undefined) throw new Error(`Port ${port} of pod ${pod} is not forwarded`)
        return local
      } catch (error) {
        this.drop(pod)
        if (attempt >= ATTEMPTS) throw error
      }
    }
  }

  /** Starts a forward ahead of its first use. */
  prepare(pod: string, ports: readonly number[]): void {
    if (!this.#forwards.has(pod)) this.#start(pod, ports)
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
      process.onLine((line) => {
        const [, local, remote] = FORWARDING.exec(line) ?? []
        if (local !== undefined && remote !== undefined) found.set(Number(remote), Number(local))
        if (found.size < ports.length) return
        clearTimeout(late)
        resolve(found)
      })
      void process.ended.then((stderr) => {
        clearTimeout(late)
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
