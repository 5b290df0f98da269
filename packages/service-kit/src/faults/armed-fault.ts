import { canonicalFault, DEFAULT_FAULT_AT, type Fault } from '@linkerd-scenario/contract'
import { type RandomStream, randomStream } from './random.ts'

/** Where a fault was requested: a request's header, the admin port, or the variable FAULT. */
type FaultPlace = 'header' | 'admin' | 'variable'

/** A fault with its own random streams. */
export class ArmedFault {
  readonly fault: Fault
  /** The fault in the text form, without defaults. */
  readonly text: string
  readonly #chance: RandomStream
  readonly #size: RandomStream

  /** `name` makes the streams of this fault; see `randomStream`. */
  constructor(fault: Fault, seed: string, ...name: readonly string[]) {
    this.fault = fault
    this.text = canonicalFault(fault)
    this.#chance = randomStream(seed, ...name, this.text, 'chance')
    // A second stream, so that drawing delays does not change which requests are hit.
    this.#size = randomStream(seed, ...name, this.text, 'size')
  }

  /** Whether it hits a request's attempt of this number. Draws from its stream only if the rate is below 1. */
  hits(attempt: number): boolean {
    const { times = Number.POSITIVE_INFINITY, rate = 1 } = this.fault
    return attempt <= times && (rate === 1 || (rate !== 0 && this.#chance() < rate))
  }

  /** A random number for the fault's own choices, from 0 (included) to 1 (excluded). */
  random(): number {
    return this.#size()
  }
}

/** Whether a fault happens in this service of this version. */
export function happensAt(fault: Fault, service: string, version: string): boolean {
  const at = fault.at ?? DEFAULT_FAULT_AT
  return at === service || at === `${service}/${version}`
}

/** Arms those of `faults` that happen in this service. Equal faults of another place or generation have other streams. */
export function arm(
  faults: readonly Fault[],
  { service, version, seed }: { service: string; version: string; seed: string },
  place: FaultPlace,
  generation = 0,
): readonly ArmedFault[] {
  const seen = new Map<string, number>()
  return faults
    .filter((fault) => happensAt(fault, service, version))
    .map((fault) => {
      const text = canonicalFault(fault)
      const before = seen.get(text) ?? 0
      seen.set(text, before + 1)
      // The same fault twice in one list: each has its own stream.
      return new ArmedFault(fault, seed, place, String(generation), String(before))
    })
}
