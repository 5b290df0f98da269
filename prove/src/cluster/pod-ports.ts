import type { Sample } from '../engine/observation.ts'
import { AdminPort, WayLost } from './admin-port.ts'
import type { Kubectl } from './kubectl.ts'
import { parseMetrics, withoutAdminPorts } from './metrics.ts'
import { PortForwards } from './port-forwards.ts'

const PROXY_ADMIN_PORT = 4191
const ADMIN_PORT = { provider: 5001, consumer: 6001 }

/**
 * The ports of pods that the prover speaks to: a service's admin port and its proxy's. A forward to a service's own
 * port would pass by the proxies and prove nothing, so there is none.
 */
export class PodPorts {
  readonly #forwards: PortForwards
  readonly #signal: AbortSignal

  constructor(kubectl: Kubectl, namespace: string, signal: AbortSignal, timeoutMs: number) {
    this.#forwards = new PortForwards(kubectl, namespace, timeoutMs)
    this.#signal = signal
  }

  /**
   * Asks the pod's service, `times` times at most where the way to it breaks: what may be asked twice. Each time over a
   * fresh forward. Rejects with the last WayLost, and with whatever else `ask` rejects with.
   */
  async ask<Answer>(
    pod: string,
    ask: (admin: AdminPort) => Promise<Answer>,
    { times } = { times: 3 },
  ): Promise<Answer> {
    const port = adminPortOf(pod)
    for (let left = times; ; left -= 1) {
      const local = await this.#forwards.port(pod, [port, PROXY_ADMIN_PORT], port)
      try {
        return await ask(new AdminPort(local, this.#signal))
      } catch (error) {
        if (!(error instanceof WayLost)) throw error
        this.#forwards.drop(pod)
        if (left <= 1) throw error
      }
    }
  }

  /** What the pod's proxy has counted; undefined where none answers, even over a fresh forward. */
  async counters(pod: string): Promise<readonly Sample[] | undefined> {
    const samples = await this.#metrics(pod, PROXY_ADMIN_PORT)
    return samples && withoutAdminPorts(samples)
  }

  /** What the pod's service has counted; undefined where it does not answer, even over a fresh forward. */
  serviceCounters(pod: string): Promise<readonly Sample[] | undefined> {
    return this.#metrics(pod, adminPortOf(pod))
  }

  async #metrics(pod: string, port: number): Promise<readonly Sample[] | undefined> {
    for (const last of [false, true]) {
      const local = await this.#forwards.port(pod, [adminPortOf(pod), PROXY_ADMIN_PORT], port)
      try {
        return parseMetrics(await new AdminPort(local, this.#signal).text('/metrics'))
      } catch (error) {
        if (!(error instanceof WayLost)) throw error
        this.#forwards.drop(pod)
        if (last) return undefined
      }
    }
    return undefined
  }

  close(): Promise<void> {
    return this.#forwards.close()
  }
}

function adminPortOf(pod: string): number {
  return pod.startsWith('provider') ? ADMIN_PORT.provider : ADMIN_PORT.consumer
}
