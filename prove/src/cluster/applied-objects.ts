import type { ByHand } from '../by-hand/by-hand.ts'
import type { Finding } from '../expectations/expectation.ts'
import { tellsAcceptance } from './acceptance.ts'
import type { Component } from './component.ts'
import { type DeploymentObject, idOf, isDeployment, type KubeObject, type List } from './kubernetes-types.ts'
import { type Difference, difference, isShared, type Manifests, yamlOf } from './manifests.ts'
import type { NamespaceAccess } from './namespace-access.ts'
import { PolicyStatus } from './policy-status.ts'
import type { Workloads } from './workloads.ts'

export interface AppliedObjectsOptions extends NamespaceAccess {
  manifests: Manifests
  workloads: Workloads
  /** Called with the objects that are about to be applied; optional. */
  willApply?: ((objects: readonly KubeObject[]) => void) | undefined
  /** Is told what a component changes; optional. */
  byHand?: ByHand
}

/** The objects of a namespace: the base and workloads, composed with at most one feature. */
export class AppliedObjects {
  readonly #options: AppliedObjectsOptions
  readonly #policies: PolicyStatus
  /** The start of workloads that no feature waits for yet. */
  #starting: Promise<void> | undefined
  #current: readonly KubeObject[] = []
  /** The component that was composed last, for the names of files. */
  #component = 'base'

  constructor(options: AppliedObjectsOptions) {
    this.#options = options
    this.#policies = new PolicyStatus(options)
  }

  /** The objects as they were applied last. */
  get current(): readonly KubeObject[] {
    return this.#current
  }

  /** Applies the base, with these workloads alone: those of the first feature, which waits for them. */
  async setUp(first: readonly string[]): Promise<void> {
    const objects = await this.#options.manifests.render()
    await this.#add(
      'base',
      objects.filter((object) => !isDeployment(object) || first.includes(object.metadata.name)),
    )
  }

  /**
   * Starts the other workloads, except those that would answer calls, and does not wait for them. What goes wrong is
   * told to the feature that needs them.
   */
  startOthers(): void {
    this.#starting = this.#startMissing(({ metadata }) => !isShared(metadata))
    this.#starting.catch(() => undefined)
  }

  /** Applies those of these workloads that were not applied yet. */
  async start(workloads: readonly string[]): Promise<void> {
    await this.#starting?.catch(() => this.#options.signal.throwIfAborted())
    await this.#startMissing(({ metadata }) => workloads.includes(metadata.name))
  }

  /** The workloads that would answer calls of the others' Service. */
  async shared(): Promise<string[]> {
    const objects = await this.#options.manifests.render()
    return objects.filter(isDeployment).flatMap(({ metadata }) => (isShared(metadata) ? [metadata.name] : []))
  }

  /** `TestNamespace.compose` */
  async compose(component: Component | undefined, workloads: readonly string[]): Promise<Finding[]> {
    const target = await this.#options.manifests.render(component)
    const { apply, remove } = difference(this.#current, target)
    const name = component?.path.replaceAll('/', '-') ?? 'off'
    // A feature's patches matter only to the workloads that take part; the others need not restart.
    const due = apply.filter((object) => !isDeployment(object) || workloads.includes(object.metadata.name))
    const changed = due.filter(isDeployment).map(({ metadata }) => metadata.name)
    this.#tell(component, { apply: due, remove }, changed)
    const [stored] = await Promise.all([this.#apply(name, due), this.#delete(`${name}-removes`, remove)])
    this.#options.workloads.applied(stored)
    const replaced = new Map(due.map((object) => [idOf(object), object]))
    const gone = new Set(remove.map(idOf))
    const kept = this.#current.filter((object) => !gone.has(idOf(object)) && !replaced.has(idOf(object)))
    this.#current = [...kept, ...due]
    if (changed.length > 0) await this.#options.workloads.settled(changed)
    this.#options.byHand?.settled(changed)
    return this.#policies.accepted(stored.filter(tellsAcceptance))
  }

  /** Ends the watches. */
  close(): Promise<void> {
    return this.#policies.close()
  }

  /** Says how a reader gets from the last component to this one. */
  #tell(component: Component | undefined, { apply, remove }: Difference, restarted: readonly string[]): void {
    const { byHand } = this.#options
    const name = component?.path.replaceAll('/', '-') ?? `${this.#component}-off`
    if (apply.length > 0) byHand?.applied(name, yamlOf(apply), restarted)
    if (remove.length > 0) byHand?.deleted(`${name}-removes`, yamlOf(remove))
    if (component !== undefined) this.#component = name
  }

  async #startMissing(isWanted: (deployment: DeploymentObject) => boolean): Promise<void> {
    const applied = new Set(this.#options.workloads.names)
    const base = (await this.#options.manifests.render()).filter(isDeployment)
    const missing = base.filter((deployment) => !applied.has(deployment.metadata.name) && isWanted(deployment))
    await this.#add('workloads', missing)
  }

  async #add(name: string, objects: readonly KubeObject[]): Promise<void> {
    const stored = await this.#apply(name, objects)
    // Not before: of what could not be applied nothing can be scaled, and it is missing still.
    this.#options.workloads.register(objects.filter(isDeployment))
    this.#options.workloads.applied(stored)
    this.#current = [...this.#current, ...objects]
  }

  /** Returns the objects as the API server has stored them. */
  async #apply(name: string, objects: readonly KubeObject[]): Promise<KubeObject[]> {
    if (objects.length === 0) return []
    const { willApply, manifests, kubectl, namespace } = this.#options
    willApply?.(objects)
    const file = await manifests.write(name, objects)
    const answer = await kubectl.json<KubeObject | List<KubeObject>>(['apply', '-n', namespace, '-f', file])
    return 'items' in answer ? answer.items : [answer]
  }

  async #delete(name: string, objects: readonly KubeObject[]): Promise<void> {
    if (objects.length === 0) return
    const { manifests, kubectl, namespace } = this.#options
    const file = await manifests.write(name, objects)
    await kubectl.run(['delete', '-n', namespace, '--ignore-not-found', '-f', file])
  }
}
