/** A pod as a balancer sees it. */
interface Endpoint {
  rttMs: number
  /** When that was. */
  measuredAt: number
  pending: number
  failures: number
  /** Time until which a breaker keeps it out; 0: it is in. */
  outUntil: number
  penaltyMs: number
  isProbed: boolean
}

/** As annotations on the parent Service set them. */
export interface Breaker {
  maxFailures: number
  minPenaltyMs: number
  maxPenaltyMs: number
}

const DEFAULT_RTT_MS = 30
const DECAY = 0.3
/** What was measured is forgotten in about that time: Linkerd's is ten seconds, of which a test bed has not that many. */
const FORGOTTEN_MS = 1000

/** Power of two choices by latency times load, with a breaker a pod: one for each caller's proxy and Service. */
export class Balancer {
  readonly #endpoints = new Map<string, Endpoint>()

  /** One of the pods; undefined where a breaker keeps all of them out. */
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
    // Requests that were under way when it tripped do not prolong the penalty.
    if (endpoint.outUntil > Date.now() && !isProbe) return
    endpoint.penaltyMs = Math.min(breaker.maxPenaltyMs, Math.max(breaker.minPenaltyMs, 2 * endpoint.penaltyMs))
    endpoint.outUntil = Date.now() + endpoint.penaltyMs * (1 + 0.5 * Math.random())
    endpoint.isProbed = false
  }

  /** Without a breaker nothing is kept out, whatever one did before: a proxy that is told so builds its balancer anew. */
  admitAll(): void {
    for (const endpoint of this.#endpoints.values()) {
      Object.assign(endpoint, { failures: 0, outUntil: 0, penaltyMs: 0, isProbed: false })
    }
  }

  /** How many pods a breaker keeps out. */
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
