import { type DeploymentObject, isDeployment, type KubeObject } from './kubernetes-types.ts'
import { isShared } from './manifests.ts'
import type { NamespaceAccess } from './namespace-access.ts'
import { NamespaceEvents } from './namespace-events.ts'
import { ObjectWatch } from './object-watch.ts'
import { podsOf, reached, toPod, unsettled, type Wanted } from './pod-state.ts'
import type { Pod } from './test-namespace.ts'
import { type Settling, untilSettled } from './until-settled.ts'

export interface WorkloadsOptions extends NamespaceAccess {
  /** Is told the ready pods, and the names of all pods, each time they were read; optional. */
  onPods?: (ready: readonly Pod[], names: ReadonlySet<string>) => void
  /** Is told the names of the pods that are ending, each time they were read; optional. */
  onEnding?: (names: readonly string[]) => void
}

/** The deployments of the run and their pods. */
export class Workloads {
  readonly #options: WorkloadsOptions
  readonly #watches: { deployments: ObjectWatch; pods: ObjectWatch }
  readonly #events: NamespaceEvents
  #deployments: readonly DeploymentObject[] = []
  readonly #wanted = new Map<string, Wanted>()
  /** The pods as they were read last, by deployment. */
  #known = new Map<string, Pod[]>()

  constructor(options: WorkloadsOptions) {
    this.#options = options
    const watch = (resource: string) => new ObjectWatch({ ...options, resource })
    this.#watches = { deployments: watch('deployments'), pods: watch('pods') }
    // Without `waits`: announcements fetch the last warning, which must not be announced itself.
    this.#events = new NamespaceEvents({ ...options, kubectl: options.kubectl.with({ waits: undefined }) })
  }

  /** Registers deployments that are applied; each starts with one pod. */
  register(deployments: readonly DeploymentObject[]): void {
    this.#deployments = [...this.#deployments, ...deployments]
    for (const deployment of deployments) {
      this.#wanted.set(deployment.metadata.name, { replicas: 1, generation: 0, hashes: new Map() })
    }
  }

  /** Takes note of what the API server stored at an apply. */
  applied(objects: readonly KubeObject[]): void {
    for (const { metadata } of objects.filter(isDeployment)) {
      this.#want(metadata.name, { generation: metadata.generation ?? 0 })
    }
  }

  /** Ends the watches. */
  async close(): Promise<void> {
    const { deployments, pods } = this.#watches
    await Promise.all([deployments, pods, this.#events].map((one) => one.close()))
  }

  get names(): string[] {
    return this.#deployments.map(({ metadata }) => metadata.name)
  }

  /**
   * Scales the deployments, and scales every other deployment of their Service to zero. Waits until exactly those pods
   * exist. Rejects with the reason if that is impossible or takes too long.
   */
  async ensure(
    wanted: Readonly<Record<string, number>>,
    { others }: { others: 'stay' | 'none' } = { others: 'none' },
  ): Promise<void> {
    const target = new Map(Object.entries(wanted))
    if (others === 'none') {
      for (const { metadata } of this.#deployments) {
        if (isShared(metadata) && !target.has(metadata.name)) target.set(metadata.name, 0)
      }
    }
    await this.#scale([...target])
    await this.settled([...target.keys()])
  }

  /** One command for all deployments with the same number of replicas. */
  async #scale(target: readonly (readonly [name: string, replicas: number])[]): Promise<void> {
    const unknown = target.find(([name]) => !this.#wanted.has(name))
    if (unknown !== undefined) throw new Error(`There is no workload ${unknown[0]}`)
    const changes = target.filter(([name, replicas]) => this.#wanted.get(name)?.replicas !== replicas)
    const groups = Map.groupBy(changes, ([, replicas]) => replicas)
    await Promise.all(
      [...groups].map(async ([replicas, rows]) => {
        const names = rows.map(([name]) => name)
        await this.#run(['scale', ...names.map((name) => `deployment/${name}`), `--replicas=${replicas}`])
        for (const name of names) this.#want(name, { replicas })
      }),
    )
  }

  /** All cached pods except those that are ending. */
  get all(): Pod[] {
    return [...this.#known.values()].flat()
  }

  /** The cached pods of each workload, except those that are ending. */
  get byWorkload(): ReadonlyMap<string, readonly Pod[]> {
    return this.#known
  }

  /** The labels by which a workload selects its pods. */
  labelsOf(workload: string): Readonly<Record<string, string>> {
    const deployment = this.#deployments.find(({ metadata }) => metadata.name === workload)
    return deployment?.spec.selector.matchLabels ?? {}
  }

  /** The cached pod of this name. */
  pod(name: string): Pod {
    const pod = this.all.find((one) => one.name === name)
    if (pod === undefined) throw new Error(`Pod ${name} is gone`)
    return pod
  }

  /** The service's container in the pods of a workload: the one that the manifest names first. */
  containerOf(workload: string): string {
    const deployment = this.#deployments.find(({ metadata }) => metadata.name === workload)
    const container = deployment?.spec.template.spec.containers[0]
    if (container === undefined) throw new Error(`There is no workload ${workload}`)
    return container.name
  }

  /** Waits until the deployments have exactly their replicas, all new and ready, with no old pod left. */
  async settled(names: readonly string[]): Promise<void> {
    let waiting = `pods of ${names.join(', ')}`
    await this.#options.waits.during(
      () => waiting,
      () =>
        untilSettled(names, this.#settling(names), (reason) => {
          waiting = reason
        }),
    )
  }

  #settling(names: readonly string[]): Settling {
    return {
      ...this.#options,
      events: this.#events,
      look: () => this.#look(),
      waitingFor: (objects) => this.#waitingFor(names, objects),
      confirm: () => this.#confirm(),
      changed: (ms) => this.#changed(ms),
    }
  }

  /** What is missing of the wanted state; undefined once it is reached, which is recorded. */
  #waitingFor(names: readonly string[], objects: readonly KubeObject[]): string | undefined {
    const deployments = objects.filter(isDeployment).filter(({ metadata }) => names.includes(metadata.name))
    const rows = deployments.flatMap((deployment) => {
      const wanted = this.#wanted.get(deployment.metadata.name)
      return wanted === undefined ? [] : [{ deployment, pods: podsOf(deployment, objects), wanted }]
    })
    const waiting =
      missing(names, deployments) ??
      rows.map(({ deployment, pods, wanted }) => unsettled(deployment, pods, wanted)).find(Boolean)
    if (waiting === undefined) {
      for (const { deployment, pods, wanted } of rows)
        this.#wanted.set(deployment.metadata.name, reached(deployment, pods, wanted))
    }
    return waiting
  }

  /** The current pods of a workload, except those that are ending. */
  async pods(workload: string): Promise<Pod[]> {
    await this.#look()
    return this.#known.get(workload) ?? []
  }

  /** The cached ready pods of a workload. */
  async known(workload: string): Promise<Pod[]> {
    const ready = (this.#known.get(workload) ?? []).filter((pod) => pod.ready)
    return ready.length > 0 ? ready : (await this.pods(workload)).filter((pod) => pod.ready)
  }

  /** All deployments and pods, from the watches. */
  async #look(): Promise<KubeObject[]> {
    const { deployments: allDeployments, pods: allPods } = this.#watches
    const objects = (await Promise.all([allDeployments.all(), allPods.all()])).flat()
    for (const deployment of objects.filter(isDeployment)) {
      const staying = podsOf(deployment, objects).filter(({ metadata }) => metadata.deletionTimestamp === undefined)
      this.#known.set(deployment.metadata.name, staying.map(toPod))
    }
    const pods = objects.filter(({ kind }) => kind === 'Pod')
    const names = new Set(pods.map(({ metadata }) => metadata.name))
    const ending = pods.filter(({ metadata }) => metadata.deletionTimestamp !== undefined)
    if (ending.length > 0) this.#options.onEnding?.(ending.map(({ metadata }) => metadata.name))
    this.#options.onPods?.(
      this.all.filter(({ ready }) => ready),
      names,
    )
    return objects
  }

  async #changed(ms: number): Promise<void> {
    const { deployments, pods } = this.#watches
    await Promise.race([deployments.changed(ms), pods.changed(ms)])
  }

  async #confirm(): Promise<void> {
    const { deployments, pods } = this.#watches
    await Promise.all([deployments.confirm(), pods.confirm()])
  }

  /** The cluster's own description of the problem; undefined if it warns of none. */
  lastWarning(): Promise<string | undefined> {
    return this.#events.lastWarning()
  }

  #want(name: string, change: Partial<Wanted>): void {
    const wanted = this.#wanted.get(name)
    if (wanted !== undefined) this.#wanted.set(name, { ...wanted, ...change })
  }

  async #run(args: readonly string[]): Promise<void> {
    const { kubectl, namespace } = this.#options
    await kubectl.run([...args, '-n', namespace])
  }
}

function missing(names: readonly string[], deployments: readonly DeploymentObject[]): string | undefined {
  const found = new Set(deployments.map(({ metadata }) => metadata.name))
  const lost = names.filter((name) => !found.has(name))
  return lost.length === 0 ? undefined : `the deployments ${lost.join(', ')} are missing`
}
