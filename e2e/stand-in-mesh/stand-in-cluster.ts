import { randomUUID } from 'node:crypto'
import { parseAllDocuments } from 'yaml'
import { type Behaviour, HONEST } from './behaviour.ts'
import { type DeploymentSpec, StandInDeployment } from './deployment.ts'
import type { Target } from './outbound-proxy.ts'
import { StandInPod } from './pod.ts'
import { type Applied, Policies } from './policies.ts'

interface Namespace {
  /** Its deletion was requested. */
  isTerminating: boolean
  labels: Record<string, string>
  objects: Map<string, Applied>
  /** Deleted policies that a broken mesh goes on following. */
  ghosts: Applied[]
  deployments: Map<string, StandInDeployment>
  policies: Policies
  /** The pods that a broken discovery knows. */
  known: Map<string, Target[]>
}

const CONTROLLER = 'linkerd.io/policy-controller'

/** Holds what was applied, and makes it happen with real processes on this machine. */
export class StandInCluster {
  readonly behaviour: Behaviour
  readonly namespaces = new Map<string, Namespace>()
  readonly #secret = randomUUID()

  constructor(behaviour: Partial<Behaviour> = {}) {
    this.behaviour = { ...HONEST, ...behaviour }
  }

  createNamespace(name: string, labels: Record<string, string>): boolean {
    if (this.namespaces.has(name)) return false
    const objects = new Map<string, Applied>()
    const ghosts: Applied[] = []
    const policies = new Policies(() => [...ghosts, ...objects.values()], this.behaviour)
    this.namespaces.set(name, {
      isTerminating: false,
      labels,
      objects,
      ghosts,
      deployments: new Map(),
      policies,
      known: new Map(),
    })
    return true
  }

  /** Namespaces whose deletion nobody has requested. */
  get namespacesLeft(): string[] {
    return [...this.namespaces].filter(([, { isTerminating }]) => !isTerminating).map(([name]) => name)
  }

  async deleteNamespace(name: string): Promise<void> {
    const namespace = this.namespaces.get(name)
    if (namespace === undefined) return
    namespace.isTerminating = true
    await Promise.all([...namespace.deployments.values()].map((deployment) => deployment.delete()))
    this.namespaces.delete(name)
  }

  /** Ends every process. */
  async close(): Promise<void> {
    await Promise.all([...this.namespaces.keys()].map((name) => this.deleteNamespace(name)))
  }

  apply(name: string, text: string): void {
    for (const object of objectsOf(text)) {
      const namespace = this.in(name)
      const id = `${object.kind}/${object.metadata.name}`
      const was = namespace.objects.get(id)
      namespace.objects.set(id, object)
      if (object.kind !== 'Deployment') continue
      const spec = object.spec as unknown as DeploymentSpec
      const deployment = namespace.deployments.get(object.metadata.name)
      if (deployment !== undefined) {
        if (JSON.stringify(was?.spec) !== JSON.stringify(spec)) deployment.change(spec)
        continue
      }
      namespace.deployments.set(
        object.metadata.name,
        new StandInDeployment(object.metadata.name, object.metadata.labels ?? {}, spec, (hash, template) => {
          const asksForProxy = template.metadata.annotations?.['linkerd.io/inject'] === 'enabled'
          return new StandInPod({
            deployment: object.metadata.name,
            hash,
            template,
            namespace: name,
            behaviour: this.behaviour,
            policies: namespace.policies,
            isInjected: asksForProxy && this.#injects(namespace, object.metadata.name),
            isService: (host) => namespace.objects.has(`Service/${host}`),
            targets: (service) => this.#targets(namespace, service),
            secret: this.#secret,
          })
        }),
      )
    }
  }

  delete(name: string, text: string): void {
    for (const object of objectsOf(text)) {
      const namespace = this.in(name)
      const id = `${object.kind}/${object.metadata.name}`
      const was = namespace.objects.get(id)
      namespace.objects.delete(id)
      if (was !== undefined && was.kind === this.behaviour.neverForgets) namespace.ghosts.push(was)
      if (object.kind !== 'Deployment') continue
      void namespace.deployments.get(object.metadata.name)?.delete()
      namespace.deployments.delete(object.metadata.name)
    }
  }

  /** Policy objects with the status that the mesh's controller writes. */
  policyObjects(name: string, resources: readonly string[]): object[] {
    const conditions = ['Accepted', 'ResolvedRefs'].map((type) => ({ type, status: 'True', reason: type }))
    return [...this.in(name).objects.values()]
      .filter(({ kind, apiVersion }) => resources.includes(`${kind.toLowerCase()}.${apiVersion.split('/')[0]}`))
      .map((object) => {
        if (!this.behaviour.accepts) return object
        const parents = object.spec?.parentRefs ?? []
        const status =
          parents.length === 0
            ? { conditions }
            : { parents: parents.map((parentRef) => ({ parentRef, controllerName: CONTROLLER, conditions })) }
        return { ...object, status }
      })
  }

  in(name: string): Namespace {
    const namespace = this.namespaces.get(name)
    if (namespace === undefined) throw new Error(`namespaces "${name}" not found`)
    return namespace
  }

  pods(name: string): StandInPod[] {
    return [...this.in(name).deployments.values()].flatMap(({ pods }) => pods.filter(({ ended }) => !ended))
  }

  #injects(namespace: Namespace, deployment: string): boolean {
    const { uninjected } = this.behaviour
    if (uninjected === 'all') return false
    if (uninjected === 'provider') return deployment !== 'provider-v1'
    if (uninjected !== 'first-provider' || deployment !== 'provider-v1') return true
    return (namespace.deployments.get(deployment)?.pods ?? []).some(({ terminating, ended }) => !terminating && !ended)
  }

  #targets(namespace: Namespace, service: string): readonly Target[] {
    const selector = Object.entries(namespace.objects.get(`Service/${service}`)?.spec?.selector ?? {})
    const live = [...namespace.deployments.values()]
      .flatMap(({ pods }) => pods)
      .filter(
        ({ ready, terminating, options }) =>
          ready &&
          !terminating &&
          selector.every(([label, value]) => options.template.metadata.labels[label] === value),
      )
      .map(({ target }) => target)
    const { discovery } = this.behaviour
    if (discovery === 'live') return live
    const known = namespace.known.get(service) ?? []
    const still = known.filter(({ pod }) => live.some((target) => target.pod === pod))
    const seen = still.length > 0 ? still : live.slice(0, 1)
    namespace.known.set(service, seen)
    return seen
  }
}

function objectsOf(text: string): Applied[] {
  return parseAllDocuments(text).map((document) => document.toJS() as Applied)
}
