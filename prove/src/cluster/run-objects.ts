import type { Kubectl } from './kubectl.ts'
import { idOf, isDeployment, type KubeObject, type List, resourceOf } from './kubernetes-types.ts'
import { CannotRun } from './preflight.ts'
import type { RemovalTarget } from './removal.ts'

/** On all that a run creates; its value names the run. */
export const RUN_LABEL = 'linkerd-scenario/run'

/** The objects with the run's label, on themselves and on their pod templates. Selectors stay unchanged. */
export function labelled(objects: readonly KubeObject[], run: string): KubeObject[] {
  return objects.map((object) => {
    const own = { ...object, metadata: { ...object.metadata, labels: { ...object.metadata.labels, [RUN_LABEL]: run } } }
    if (!isDeployment(object)) return own
    const { template } = object.spec
    const metadata = { ...template.metadata, labels: { ...template.metadata.labels, [RUN_LABEL]: run } }
    return { ...own, spec: { ...object.spec, template: { ...template, metadata } } }
  })
}

/** The objects of a run in a namespace that existed before. */
export class RunObjects implements RemovalTarget {
  readonly description: string
  readonly #namespace: string
  readonly #run: string
  /** Resources that the run has applied. */
  readonly #resources = new Set<string>()

  constructor(namespace: string, run: string) {
    this.description = `what the run has created in namespace ${namespace}`
    this.#namespace = namespace
    this.#run = run
  }

  /** Records objects before they are applied, so that an interrupt in between removes them as well. */
  willApply(objects: readonly KubeObject[]): void {
    for (const object of objects) this.#resources.add(resourceOf(object))
  }

  /**
   * Throws a CannotRun if the namespace does not exist, is being deleted, or has objects that the run would overwrite.
   */
  async refuseStrangers(kubectl: Kubectl, objects: readonly KubeObject[]): Promise<void> {
    const { metadata } = await kubectl.json<KubeObject>(['get', 'namespace', this.#namespace])
    if (metadata.deletionTimestamp !== undefined)
      throw new CannotRun(`The namespace ${this.#namespace} is being terminated.`)
    if (metadata.labels?.['config.linkerd.io/admission-webhooks'] === 'disabled') {
      throw new CannotRun(
        `The namespace ${this.#namespace} has the label config.linkerd.io/admission-webhooks: disabled, so no pod there gets a proxy. Remove the label, or name another namespace.`,
      )
    }
    const resources = [...new Set(objects.map(resourceOf))].join(',')
    const { items } = await kubectl.json<List<KubeObject>>(['get', resources, '-n', this.#namespace])
    const found = new Map(items.map((item) => [idOf(item), item]))
    const taken = objects.map(idOf).filter((id) => found.has(id))
    if (taken.length === 0) return
    const isLeft = taken.every((id) => found.get(id)?.metadata.labels?.[RUN_LABEL] !== undefined)
    throw new CannotRun(
      `The namespace ${this.#namespace} has ${taken.join(', ')} already${isLeft ? ' from an earlier run' : ', and a run would overwrite them'}. ` +
        (isLeft
          ? `Remove what it left: \`kubectl delete ${resources} -n ${this.#namespace} -l ${RUN_LABEL}\`.`
          : 'Name another namespace.'),
    )
  }

  async request(kubectl: Kubectl): Promise<void> {
    if (this.#resources.size === 0) return
    const resources = [...this.#resources].join(',')
    await kubectl.run(['delete', resources, '-n', this.#namespace, '-l', `${RUN_LABEL}=${this.#run}`, '--wait=false'])
  }

  async isAccepted(kubectl: Kubectl): Promise<boolean> {
    if (this.#resources.size === 0) return true
    const resources = [...this.#resources].join(',')
    const selection = ['-n', this.#namespace, '-l', `${RUN_LABEL}=${this.#run}`]
    const { items } = await kubectl.json<List<KubeObject>>(['get', resources, ...selection])
    return items.every(({ metadata }) => metadata.deletionTimestamp !== undefined)
  }

  async untilGone(kubectl: Kubectl, timeoutMs: number): Promise<void> {
    const selection = ['-n', this.#namespace, '-l', `${RUN_LABEL}=${this.#run}`]
    const { items } = await kubectl.json<List<KubeObject>>(['get', 'pods', ...selection])
    if (items.length === 0) return
    const timeout = `--timeout=${Math.ceil(timeoutMs / 1000)}s`
    await kubectl.run(['wait', '--for=delete', 'pods', ...selection, timeout], { timeoutMs: timeoutMs + 5000 })
  }
}
