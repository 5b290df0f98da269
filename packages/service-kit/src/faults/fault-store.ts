import { type Fault, parseFaults } from '@linkerd-scenario/contract'
import { LRUCache } from 'lru-cache'
import { type ArmedFault, arm } from './armed-fault.ts'
import { type FaultPlan, planFaults } from './fault-plan.ts'
import { newSeed } from './random.ts'

/** Most header texts that are remembered, of at most 4096 characters each: it bounds the memory. */
const MOST_HEADER_TEXTS = 256

export interface FaultStoreOptions {
  /** Fixed for the life of the process. */
  enabled: boolean
  service: string
  version: string
  /** Makes random choices repeatable. Default: a random seed. */
  seed?: string | undefined
  /** The faults of the process's variable. */
  variable?: readonly Fault[] | undefined
}

/**
 * The faults of one process, from three places. Of the places that have a fault for this service and version, the
 * most specific one counts for a request: its header, then what the admin port set, then the variable. So a
 * header with a fault that does nothing (`delay;ms=0`, `reset;rate=0`) exempts its request from the others.
 */
export class FaultStore {
  readonly enabled: boolean
  readonly seed: string
  readonly variable: readonly Fault[]
  readonly #identity: { service: string; version: string; seed: string }
  readonly #variableArmed: readonly ArmedFault[]
  // Requests with the same text share its random streams, so that a rate of 30 % holds over many requests.
  readonly #headers: LRUCache<string, readonly ArmedFault[]>
  #evictions = 0
  #admin: readonly Fault[] = []
  #adminArmed: readonly ArmedFault[] = []

  constructor({ enabled, service, version, seed = newSeed(), variable = [] }: FaultStoreOptions) {
    this.enabled = enabled
    this.seed = seed
    this.variable = variable
    this.#identity = { service, version, seed }
    this.#variableArmed = arm(variable, this.#identity, 'variable')
    this.#headers = new LRUCache({
      max: MOST_HEADER_TEXTS,
      dispose: (_armed, _text, reason) => {
        if (reason === 'evict') this.#evictions += 1
      },
    })
  }

  /** What the admin port set. */
  get admin(): readonly Fault[] {
    return this.#admin
  }

  /** The faults that wait for any request, by where they were set. Those of the admin port go before the variable's. */
  get armed(): Readonly<Record<'admin' | 'variable', readonly ArmedFault[]>> {
    return { admin: this.#adminArmed, variable: this.#variableArmed }
  }

  /** Replaces the faults of the admin port and restarts their random streams; an empty list removes them. */
  setAdmin(faults: readonly Fault[]): void {
    this.#admin = faults
    this.#adminArmed = arm(faults, this.#identity, 'admin')
  }

  /**
   * What happens to a request with this `x-fault` header that is the `attempt`-th of its request id; undefined for
   * nothing. Throws a FaultSyntaxError for a header that is not a list of faults.
   */
  plan(header: string | undefined, attempt: number): FaultPlan | undefined {
    const fromHeader = header === undefined ? [] : this.#fromHeader(header)
    const armed = [fromHeader, this.#adminArmed, this.#variableArmed].find(({ length }) => length > 0)
    // Each fault draws from its own stream, so that none changes the sequence of another.
    return armed && planFaults(armed.filter((fault) => fault.hits(attempt)))
  }

  #fromHeader(text: string): readonly ArmedFault[] {
    const known = this.#headers.get(text)
    if (known) return known
    // A text that was forgotten and comes back gets new streams; else its first requests would always be the same.
    const armed = arm(parseFaults(text), this.#identity, 'header', this.#evictions)
    this.#headers.set(text, armed)
    return armed
  }
}
