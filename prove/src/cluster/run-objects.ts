import { APPLIED_RESOURCES, objectsOf } from './applied-resources.ts'
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
  readonly remedy: string
  readonly #namespace: string
  readonly #run: string
  /** Resources that the run has applied. */
  readonly #resources = new Set<string>()

  constructor(namespace: string, run: string) {
    this.description = `what the run has created in namespace ${namespace}`
    this.remedy = `\`${cleanCommand(namespace)}\` finds what is left.`
    this.#namespace = namespace
    this.#run = run
  }

  /** Records objects before they are applied, so that an interrupt in between removes them as well. */
  willApply(objects: readonly KubeObject[]): void {
    for (const object of objects) this.#resources.add(resourceOf(object))
  }

  /**
   * Throws a CannotRun if the namespace does not exist, is being deleted, has objects of others that the run would
   * overwrite, or has anything that another run has left: a policy would act on this one. `objects` are all that the run
   * may apply.
   */
  async refuseStrangers(kubectl: Kubectl, objects: readonly KubeObject[]): Promise<void> {
    await this.#refuseNamespace(kubectl)
    const found = await this.#present(kubectl, new Set(objects.map(resourceOf)))
    const ours = new Set(objects.map(idOf))
    const strangers = found.filter((object) => !isOfRun(object) && ours.has(idOf(object)))
    if (strangers.length > 0) {
      throw new CannotRun(
        `The namespace ${this.#namespace} has ${strangers.map(idOf).join(', ')} already, and a run would overwrite them. Name another namespace.`,
      )
    }
    const left = found.filter(isOfRun)
    if (left.length === 0) return
    throw new CannotRun(
      `The namespace ${this.#namespace} has ${left.map(idOf).join(', ')} from another run. Wait for its end, or if it was killed, remove what it left: \`${cleanCommand(this.#namespace)}\`.`,
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

  untilGone(kubectl: Kubectl, timeoutMs: number): Promise<void> {
    return untilPodsGone(kubectl, this.#namespace, `${RUN_LABEL}=${this.#run}`, timeoutMs)
  }

  async #refuseNamespace(kubectl: Kubectl): Promise<void> {
    const { metadata } = await kubectl.json<KubeObject>(['get', 'namespace', this.#namespace])
    if (metadata.deletionTimestamp !== undefined)
      throw new CannotRun(`The namespace ${this.#namespace} is being terminated.`)
    if (metadata.labels?.['config.linkerd.io/admission-webhooks'] === 'disabled') {
      throw new CannotRun(
        `The namespace ${this.#namespace} has the label config.linkerd.io/admission-webhooks: disabled, so no pod there gets a proxy. Remove the label, or name another namespace.`,
      )
    }
  }

  /** All objects of the resources that the run applies, and of other resources those that runs have applied. */
  async #present(kubectl: Kubectl, resources: ReadonlySet<string>): Promise<KubeObject[]> {
    const others = APPLIED_RESOURCES.filter((resource) => !resources.has(resource))
    const lists = [
      ...[...resources].map((resource) => objectsOf(kubectl, this.#namespace, resource)),
      // Who proves few features may have no right to list what the others apply.
      ...others.map((resource) => objectsOf(kubectl, this.#namespace, resource, RUN_LABEL).catch(() => [])),
    ]
    return (await Promise.all(lists)).flat()
  }
}

/** The command that removes what runs have left in a given namespace. */
export function cleanCommand(namespace: string): string {
  return `prove --clean --in-namespace ${namespace}`
}

/** Waits until the pods with a label are gone. Rejects after `timeoutMs`. */
export async function untilPodsGone(
  kubectl: Kubectl,
  namespace: string,
  selector: string,
  timeoutMs: number,
): Promise<void> {
  const selection = ['-n', namespace, '-l', selector]
  const { items } = await kubectl.json<List<KubeObject>>(['get', 'pods', ...selection])
  if (items.length === 0) return
  const timeout = `--timeout=${Math.ceil(timeoutMs / 1000)}s`
  await kubectl.run(['wait', '--for=delete', 'pods', ...selection, timeout], { timeoutMs: timeoutMs + 5000 })
}

function isOfRun({ metadata }: KubeObject): boolean {
  return metadata.labels?.[RUN_LABEL] !== undefined
}
