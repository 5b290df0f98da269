import type { Finding } from '../expectations/expectation.ts'
import { acceptance, latest } from './acceptance.ts'
import { idOf, type PolicyObject, resourceOf } from './kubernetes-types.ts'
import type { NamespaceAccess } from './namespace-access.ts'
import { ObjectWatch } from './object-watch.ts'

/** What the mesh's controller writes into the status of policies and routes. */
export class PolicyStatus {
  readonly #options: NamespaceAccess
  /** Each is started when it is first needed, and kept: most features have a route. */
  readonly #watches = new Map<string, ObjectWatch>()

  constructor(options: NamespaceAccess) {
    this.#options = options
  }

  /** Waits until each of the stored objects is accepted, for a limited time. Returns what was seen last. */
  async accepted(stored: readonly PolicyObject[]): Promise<Finding[]> {
    if (stored.length === 0) return []
    const what = `the mesh to accept ${stored.map(idOf).join(', ')}`
    return this.#options.waits.during(what, () => this.#untilAccepted(stored))
  }

  /** Ends the watches. */
  async close(): Promise<void> {
    await Promise.all([...this.#watches.values()].map((watch) => watch.close()))
  }

  async #untilAccepted(stored: readonly PolicyObject[]): Promise<Finding[]> {
    const { clock, pace } = this.#options
    const startedAt = clock.now()
    const watches = [...new Set(stored.map(resourceOf))].map((resource) => this.#watch(resource))
    for (;;) {
      const seen = (await Promise.all(watches.map((watch) => watch.seen()))).flat()
      const findings = stored.map((object) => acceptance(latest(object, seen)))
      if (findings.every(({ holds }) => holds === true)) return findings
      if (clock.now() - startedAt > pace.convergeMs) return findings
      await Promise.race(watches.map((watch) => watch.changed(pace.pollMs)))
    }
  }

  #watch(resource: string): ObjectWatch {
    const watch = this.#watches.get(resource) ?? new ObjectWatch({ ...this.#options, resource })
    this.#watches.set(resource, watch)
    return watch
  }
}
