/** A pod, as a balancer sees it. */
interface Endpoint {
  rttMs: number
  /** When that was. */
  measuredAt: number
  pending: number
  failures: number
  /** A breaker keeps it out until this time; 0 means it is in. */
  outUntil: number
  penaltyMs: number
  isProbed: boolean
}

/** Settings from annotations on the parent Service. */
export interface Breaker {
  maxFailures: number
  minPenaltyMs: number
  maxPenaltyMs: number
}

/** What a pod counts as before it has answered. */
export const DEFAULT_RTT_MS = 30
const DECAY = 0.3
/** Measurements are forgotten in about this time. Linkerd takes ten seconds, which is too long for tests. */
const FORGOTTEN_MS = 1000

/**
 * Power of two choices by latency times load, with a breaker per pod: one for each pair of a caller's proxy and a
 * Service.
 */
export class Balancer {
  readonly #endpoints = new Map<string, Endpoint>()

  /** One of the pods; undefined if breakers keep all of them out. */
  choose(pods: readonly string[], how: 'latency' | 'random'): string | undefined {
    const open = pods.filter((pod) => this.#isOpen(pod))
    const [first] = open
    if (open.length < 2) return first
    const a = Math.floor(Math.random() * open.length)
    if (how === 'random') return open[a]
    const b = (a + 1 + Math.floor(Math.random() * (open.length - 1))) % open.length
    const [one = '', other = ''] = [open[a], open[b]]
    return this.#cost(one) <= this.#cost(other) ? one : other
  }

  begin(pod: string): void {
    const endpoint = this.#of(pod)
    endpoint.pending += 1
    if (endpoint.outUntil > 0) endpoint.isProbed = true
  }

  end(pod: string, latencyMs: number, failed: boolean, breaker: Breaker | undefined): void {
    const endpoint = this.#of(pod)
    endpoint.pending -= 1
    const rttMs = decayed(endpoint)
    endpoint.rttMs = latencyMs > rttMs ? latencyMs : rttMs + DECAY * (latencyMs - rttMs)
    endpoint.measuredAt = performance.now()
    if (!failed || breaker === undefined) {
      Object.assign(endpoint, { failures: 0, outUntil: 0, penaltyMs: 0, isProbed: false })
      return
    }
    endpoint.failures += 1
    const isProbe = endpoint.isProbed
    if (endpoint.failures < breaker.maxFailures && !isProbe) return
    // Requests that were in flight when it tripped do not extend the penalty.
    if (endpoint.outUntil > Date.now() && !isProbe) return
    endpoint.penaltyMs = Math.min(breaker.maxPenaltyMs, Math.max(breaker.minPenaltyMs, 2 * endpoint.penaltyMs))
    endpoint.outUntil = Date.now() + endpoint.penaltyMs * (1 + 0.5 * Math.random())
    endpoint.isProbed = false
  }

  /**
   * Without a breaker all pods are in, whatever an earlier one did: a proxy rebuilds its balancer when the settings
   * change.
   */
  admitAll(): void {
    for (const endpoint of this.#endpoints.values()) {
      Object.assign(endpoint, { failures: 0, outUntil: 0, penaltyMs: 0, isProbed: false })
    }
  }

  /** Number of pods that a breaker keeps out. */
  pending(pods: readonly string[]): number {
    return pods.filter((pod) => this.#of(pod).outUntil > 0).length
  }

  #isOpen(pod: string): boolean {
    const { outUntil, isProbed } = this.#of(pod)
    return outUntil === 0 || (outUntil <= Date.now() && !isProbed)
  }

  #cost(pod: string): number {
    const endpoint = this.#of(pod)
    return decayed(endpoint) * (endpoint.pending + 1)
  }

  #of(pod: string): Endpoint {
    const known = this.#endpoints.get(pod)
    if (known !== undefined) return known
    const made = {
      rttMs: DEFAULT_RTT_MS,
      measuredAt: performance.now(),
      pending: 0,
      failures: 0,
      outUntil: 0,
      penaltyMs: 0,
      isProbed: false,
    }
    this.#endpoints.set(pod, made)
    return made
  }
}

function decayed({ rttMs, measuredAt }: Endpoint): number {
  return rttMs * Math.exp((measuredAt - performance.now()) / FORGOTTEN_MS)
}
