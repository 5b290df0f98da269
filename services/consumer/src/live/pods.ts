import { LIVE_LIMITS, type LivePod } from '@linkerd-scenario/contract'
import type { CallResult } from './call-result.ts'
import { roundMs } from './counts.ts'

/** The pods of the provider that answered; if there are too many, the most recent ones. */
export class Pods {
  // Ordered by their last answer.
  readonly #pods = new Map<string, LivePod>()

  add({ hops, problem, latencyMs }: CallResult, now: number): void {
    const provider = hops.at(-1)
    if (provider === undefined) return
    const { pod: name, version, caller } = provider
    const known = this.#pods.get(name) ?? emptyPod(name)
    this.#pods.delete(name)
    this.#pods.set(name, {
      ...known,
      version,
      caller,
      lastSeen: now,
      total: known.total + 1,
      ended: known.ended + 1,
      failed: known.failed + (problem === undefined ? 0 : 1),
      latencySumMs: roundMs(known.latencySumMs + latencyMs),
    })
    const [oldest] = this.#pods.keys()
    if (this.#pods.size > LIVE_LIMITS.names && oldest !== undefined) this.#pods.delete(oldest)
  }

  /** What the pods did in this window; then a new window starts. */
  take(): LivePod[] {
    const pods = [...this.#pods.values()]
    for (const pod of pods) this.#pods.set(pod.pod, { ...pod, ended: 0, failed: 0, latencySumMs: 0 })
    return pods
  }
}

function emptyPod(pod: string): LivePod {
  return { pod, version: '', caller: null, lastSeen: 0, total: 0, ended: 0, failed: 0, latencySumMs: 0 }
}
