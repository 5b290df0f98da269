import { type Sample, sumOf } from '../expectations/observation.ts'
import type { Pod } from './test-namespace.ts'

/** The services' own counter of 503 answers that they gave because they were at their limit. */
const SHED = 'http_server_requests_shed_total'

/** What pods' services have shed since they were asked last. */
export class ShedCounts {
  readonly #countersOf: (pod: string) => Promise<readonly Sample[] | undefined>
  /** Requests shed so far, by the pods' uids. */
  readonly #seen = new Map<string, number>()

  constructor(countersOf: (pod: string) => Promise<readonly Sample[] | undefined>) {
    this.#countersOf = countersOf
  }

  /** Requests shed since the last call; a new pod counts from zero. Rejects if a service does not answer. */
  async take(pods: readonly Pod[]): Promise<number> {
    const shed = await Promise.all(pods.map((pod) => this.#shedBy(pod)))
    return shed.reduce((sum, one) => sum + one, 0)
  }

  async #shedBy({ name, uid }: Pod): Promise<number> {
    const samples = await this.#countersOf(name)
    if (samples === undefined) throw new Error(`The service of pod ${name} does not answer on its admin port`)
    const total = sumOf(samples, SHED)
    const earlier = this.#seen.get(uid) ?? 0
    this.#seen.set(uid, total)
    // A container that restarted counts from zero again.
    return total >= earlier ? total - earlier : total
  }
}
