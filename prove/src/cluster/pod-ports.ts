import type { Sample } from '../expectations/observation.ts'
import { AdminPort, WayLost } from './admin-port.ts'
import type { Kubectl } from './kubectl.ts'
import { parseMetrics, withoutPorts } from './metrics.ts'
import { PortForwards } from './port-forwards.ts'
import type { Pod } from './test-namespace.ts'

export interface PodPortsOptions {
  kubectl: Kubectl
  namespace: string
  signal: AbortSignal
  /** Longest time for a port-forward to begin, ms. */
  timeoutMs: number
  /** The pod of this name as last seen. Throws where there is none. */
  podOf: (name: string) => Pod
}

/**
 * The ports of pods that the prover speaks to: a service's admin port and its proxy's. A forward to a service's own
 * port would bypass the proxies and prove nothing, so there is none.
 */
export class PodPorts {
  readonly #forwards: PortForwards
  readonly #signal: AbortSignal
  readonly #podOf: PodPortsOptions['podOf']

  constructor({ kubectl, namespace, signal, timeoutMs, podOf }: PodPortsOptions) {
    this.#forwards = new PortForwards(kubectl, namespace, timeoutMs)
    this.#signal = signal
    this.#podOf = podOf
  }

  /**
   * Asks the pod's service, each time over a fresh forward, `times` times at most where the connection breaks: more
   * than once only for what may be repeated. Rejects with the last WayLost, and with whatever else `ask` rejects with.
   */
  async ask<Answer>(
    name: string,
    ask: (admin: AdminPort) => Promise<Answer>,
    { times } = { times: 3 },
  ): Promise<Answer> {
    const pod = this.#podOf(name)
    for (let left = times; ; left -= 1) {
      const local = await this.#local(pod, pod.adminPort)
      try {
        return await ask(new AdminPort(local, this.#signal))
      } catch (error) {
        if (!(error instanceof WayLost)) throw error
        this.#forwards.drop(name)
        if (left <= 1) throw error
      }
    }
  }

  /** What the pod's proxy has counted of the calls between services; undefined without a proxy, or where it does not answer. */
  async counters(name: string): Promise<readonly Sample[] | undefined> {
    const pod = this.#podOf(name)
    if (pod.proxy === undefined) return undefined
    const samples = await this.#metrics(pod, pod.proxy.adminPort)
    return samples && withoutPorts(samples, [pod.adminPort, pod.proxy.adminPort])
  }

  /** What the pod's service has counted; undefined where it does not answer, even over a fresh forward. */
  serviceCounters(name: string): Promise<readonly Sample[] | undefined> {
    const pod = this.#podOf(name)
    return this.#metrics(pod, pod.adminPort)
  }

  close(): Promise<void> {
    return this.#forwards.close()
  }

  async #metrics(pod: Pod, port: number): Promise<readonly Sample[] | undefined> {
    for (const last of [false, true]) {
      const local = await this.#local(pod, port)
      try {
        return parseMetrics(await new AdminPort(local, this.#signal).text('/metrics'))
      } catch (error) {
        if (!(error instanceof WayLost)) throw error
        this.#forwards.drop(pod.name)
        if (last) return undefined
      }
    }
    return undefined
  }

  #local({ name, adminPort, proxy }: Pod, port: number): Promise<number> {
    return this.#forwards.port(name, proxy === undefined ? [adminPort] : [adminPort, proxy.adminPort], port)
  }
}
