import type { Behaviour } from './behaviour.ts'
import type { Delays } from './delays.ts'
import type { StandInDeployment } from './deployment.ts'
import type { StandInPod } from './pod.ts'
import type { Target } from './proxy/service-calls.ts'

/**
 * The pods behind the Services of a namespace, as the proxies know them: with a delay after they became ready or left.
 */
export class Endpoints {
  readonly #behaviour: Behaviour
  readonly #delays: Delays
  /** The pods that a broken discovery knows, by Service. */
  readonly #known = new Map<string, readonly Target[]>()

  constructor(behaviour: Behaviour, delays: Delays) {
    this.#behaviour = behaviour
    this.#delays = delays
  }

  of(service: string, selector: Record<string, string>, deployments: Iterable<StandInDeployment>): readonly Target[] {
    const wanted = Object.entries(selector)
    const live = [...deployments]
      .flatMap(({ pods }) => pods)
      .filter(
        (pod) =>
          this.#isKnown(pod) && wanted.every(([label, value]) => pod.options.template.metadata.labels[label] === value),
      )
      .map(({ target }) => target)
    if (this.#behaviour.discovery === 'live') return live
    const known = this.#known.get(service) ?? []
    const still = known.filter(({ pod }) => live.some((target) => target.pod === pod))
    const seen = still.length > 0 ? still : live.slice(0, 1)
    this.#known.set(service, seen)
    return seen
  }

  #isKnown({ readySince, unreadySince }: StandInPod): boolean {
    const now = performance.now()
    const { endpointsMs } = this.#delays
    if (readySince === undefined || now - readySince < endpointsMs) return false
    return unreadySince === undefined || now - unreadySince < endpointsMs
  }
}
