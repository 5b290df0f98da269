import type { Sample } from '../expectations/observation.ts'
import { AdminPort, WayLost } from './admin-port.ts'
import { parseMetrics, withoutPorts } from './metrics.ts'
import { PortForwards, type PortForwardsOptions } from './port-forwards.ts'
import type { Pod } from './test-namespace.ts'

export interface PodPortsOptions extends PortForwardsOptions {
  /** The cached pod of this name. Throws if there is none. */
  podOf: (name: string) => Pod
}

/**
 * The pod ports that the prover connects to: the admin ports of the service and of its proxy. It never forwards to a
 * service's public port: that would bypass the proxies and prove nothing.
 */
export class PodPorts {
  readonly #forwards: PortForwards
  readonly #signal: AbortSignal
  readonly #podOf: PodPortsOptions['podOf']
  /** Uids of the pods to which a forward was started. */
  readonly #followed = new Set<string>()

  constructor({ podOf, ...options }: PodPortsOptions) {
    this.#forwards = new PortForwards(options)
    this.#signal = options.signal
    this.#podOf = podOf
  }

  /**
   * Sends a request to the pod's service, and again over a new forward if the connection breaks, `times` times in all.
   * Use more than 1 only for requests that are safe to repeat. Rejects with the last WayLost, and with any other error
   * of `ask`.
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

  /** The proxy's counts of calls between services; undefined if there is no proxy or it does not answer. */
  async counters(name: string): Promise<readonly Sample[] | undefined> {
    const pod = this.#podOf(name)
    if (pod.proxy === undefined) return undefined
    const samples = await this.#metrics(pod, pod.proxy.adminPort)
    return samples && withoutPorts(samples, [pod.adminPort, pod.proxy.adminPort])
  }

  /** The service's counts; undefined if it does not answer, even over a new forward. */
  serviceCounters(name: string): Promise<readonly Sample[] | undefined> {
    const pod = this.#podOf(name)
    return this.#metrics(pod, pod.adminPort)
  }

  /** Starts a forward to each pod that has become ready, and ends those of pods that no longer exist. */
  follow(ready: readonly Pod[], names: ReadonlySet<string>): void {
    for (const pod of ready.filter(({ uid }) => !this.#followed.has(uid))) {
      // Once: if it fails, the first request tries again and says why.
      this.#followed.add(pod.uid)
      this.#forwards.prepare(pod.name, portsOf(pod))
    }
    this.#forwards.keep(names)
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

  #local(pod: Pod, port: number): Promise<number> {
    return this.#forwards.port(pod.name, portsOf(pod), port)
  }
}

/** The pod's ports, its service's first. */
export function portsOf({ adminPort, proxy }: Pod): number[] {
  return proxy === undefined ? [adminPort] : [adminPort, proxy.adminPort]
}
