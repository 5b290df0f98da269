import { randomUUID } from 'node:crypto'
import type { Behaviour } from './behaviour.ts'
import type { Delays } from './delays.ts'
import { type DeploymentSpec, StandInDeployment } from './deployment.ts'
import { Endpoints } from './endpoints.ts'
import { type PodOptions, StandInPod, type Template } from './pod.ts'
import { type Applied, Policies } from './proxy/policies/policies.ts'
import { withStatus } from './status.ts'

/** What a namespace shares with its cluster. */
export interface Shared {
  behaviour: Behaviour
  delays: Delays
  secret: string
  /** An address for a new pod. */
  nextIp: () => string
}

/** A namespace: the objects applied to it, and the resulting pods. */
export class StandInNamespace {
  readonly name: string
  readonly labels: Record<string, string>
  readonly deployments = new Map<string, StandInDeployment>()
  /** Set once the deletion was requested. */
  removal: Promise<unknown> | undefined
  readonly #shared: Shared
  readonly #objects = new Map<string, Applied>()
  /** What the API server adds to each: an identifier, and a number that grows with each change of the spec. */
  readonly #stored = new Map<string, { uid: string; generation: number }>()
  /** Deleted policies that a broken mesh still follows. */
  readonly #ghosts: Applied[] = []
  /** What the proxies follow: the objects as they were some time ago. */
  #inForce: readonly Applied[] = []
  readonly #timers = new Set<NodeJS.Timeout>()
  readonly #policies: Policies
  readonly #endpoints: Endpoints

  constructor(name: string, labels: Record<string, string>, shared: Shared) {
    this.name = name
    this.labels = labels
    this.#shared = shared
    this.#policies = new Policies(() => this.#inForce, shared.behaviour)
    this.#endpoints = new Endpoints(shared.behaviour, shared.delays)
  }

  get isTerminating(): boolean {
    return this.removal !== undefined
  }

  get annotations(): Record<string, string> {
    const { defaultInboundPolicy } = this.#shared.behaviour
    return defaultInboundPolicy === 'deny' ? { 'config.linkerd.io/default-inbound-policy': 'deny' } : {}
  }

  get pods(): StandInPod[] {
    return [...this.deployments.values()].flatMap(({ pods }) => pods.filter(({ ended }) => !ended))
  }

  /** Applied objects with the status that the mesh's controller writes; all but deployments. */
  get objects(): Applied[] {
    return [...this.#objects.values()]
      .filter(({ kind }) => kind !== 'Deployment')
      .map((object) => {
        const isTaken = this.#shared.behaviour.accepts && this.#inForce.includes(object)
        const metadata = { ...object.metadata, ...this.#stored.get(idOf(object)) }
        return { ...withStatus(object, isTaken, this.name), metadata }
      })
  }

  /** All objects as they were applied. */
  get applied(): readonly Applied[] {
    return [...this.#objects.values()]
  }

  apply(given: Applied): void {
    const id = idOf(given)
    const was = this.#objects.get(id)
    const object = this.#admitted(given)
    this.#objects.set(id, object)
    const stored = this.#stored.get(id) ?? { uid: randomUUID(), generation: 0 }
    if (JSON.stringify(was?.spec) !== JSON.stringify(object.spec)) stored.generation += 1
    this.#stored.set(id, stored)
    this.#policiesChanged()
    if (object.kind !== 'Deployment') return
    const { name } = object.metadata
    const spec = object.spec as unknown as DeploymentSpec
    const deployment = this.deployments.get(name)
    if (deployment === undefined) {
      const makePod = (hash: string, template: Template) => new StandInPod(this.#podOptions(name, hash, template))
      this.deployments.set(name, new StandInDeployment({ ...object.metadata, uid: stored.uid }, spec, makePod))
    } else if (JSON.stringify(was?.spec) !== JSON.stringify(spec)) deployment.change(spec)
  }

  delete(object: Applied): void {
    const id = idOf(object)
    const was = this.#objects.get(id)
    this.#objects.delete(id)
    this.#stored.delete(id)
    if (was !== undefined && was.kind === this.#shared.behaviour.neverForgets) this.#ghosts.push(was)
    this.#policiesChanged()
    if (object.kind !== 'Deployment') return
    void this.deployments.get(object.metadata.name)?.delete()
    this.deployments.delete(object.metadata.name)
  }

  async end(): Promise<void> {
    await Promise.all([...this.deployments.values()].map((deployment) => deployment.delete()))
    for (const timer of this.#timers) clearTimeout(timer)
  }

  /** What a mutating webhook in the cluster adds to an object. */
  #admitted(object: Applied): Applied {
    if (!this.#shared.behaviour.opaque || object.kind !== 'Service' || object.metadata.name !== 'provider-svc')
      return object
    const annotations = { ...object.metadata.annotations, 'config.linkerd.io/opaque-ports': '5000' }
    return { ...object, metadata: { ...object.metadata, annotations } }
  }

  #policiesChanged(): void {
    const now = [...this.#ghosts, ...this.#objects.values()]
    const { policiesMs } = this.#shared.delays
    if (policiesMs === 0) {
      this.#inForce = now
      return
    }
    const timer = setTimeout(() => {
      this.#timers.delete(timer)
      this.#inForce = now
    }, policiesMs)
    this.#timers.add(timer)
  }

  #podOptions(deployment: string, hash: string, template: Template): PodOptions {
    const { behaviour, delays, secret, nextIp } = this.#shared
    const asksForProxy = template.metadata.annotations?.['linkerd.io/inject'] === 'enabled'
    return {
      deployment,
      hash,
      template,
      namespace: this.name,
      ip: nextIp(),
      behaviour,
      delays,
      policies: this.#policies,
      isInjected: asksForProxy && this.#injects(deployment),
      isService: (host) => this.#objects.has(`Service/${host}`),
      targets: (service) => {
        const selector = this.#objects.get(`Service/${service}`)?.spec?.selector ?? {}
        return this.#endpoints.of(service, selector, this.deployments.values())
      },
      secret,
    }
  }

  #injects(deployment: string): boolean {
    const { uninjected } = this.#shared.behaviour
    if (uninjected === 'all') return false
    if (uninjected === 'provider') return deployment !== 'provider-v1'
    if (uninjected !== 'first-provider' || deployment !== 'provider-v1') return true
    return (this.deployments.get(deployment)?.pods ?? []).some(({ terminating, ended }) => !terminating && !ended)
  }
}

const idOf = ({ kind, metadata }: Applied) => `${kind}/${metadata.name}`
