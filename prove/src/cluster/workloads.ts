import type { Kubectl } from './kubectl.ts'
import {
  type DeploymentObject,
  type EventObject,
  isDeployment,
  type KubeObject,
  type List,
} from './kubernetes-types.ts'
import { SHARED_LABEL } from './manifests.ts'
import { isScalingUp, type Obstacle, obstacleOf } from './obstacles.ts'
import type { Clock, Pace } from './pace.ts'
import { Patience } from './patience.ts'
import { lastOf, podsOf, toPod, unsettled } from './pod-state.ts'
import type { Pod } from './test-namespace.ts'
import type { Waits } from './waits.ts'

export interface WorkloadsOptions {
  namespace: string
  kubectl: Kubectl
  clock: Clock
  pace: Pace
  signal: AbortSignal
  waits: Waits
}

/** The deployments of the run and their pods. */
export class Workloads {
  readonly #options: WorkloadsOptions
  #deployments: readonly DeploymentObject[] = []
  #replicas = new Map<string, number>()
  /** Cached pods, by deployment, so that they need not be fetched before each burst. */
  #known = new Map<string, Pod[]>()
  /** The request in progress; shared by concurrent callers. */
  #looking: Promise<KubeObject[]> | undefined

  constructor(options: WorkloadsOptions) {
    this.#options = options
  }

  /** Registers the applied deployments; each starts with one pod. */
  learn(deployments: readonly DeploymentObject[]): void {
    this.#deployments = deployments
    this.#replicas = new Map(deployments.map(({ metadata }) => [metadata.name, 1]))
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
        if (metadata.labels?.[SHARED_LABEL.name] === SHARED_LABEL.value && !target.has(metadata.name))
          target.set(metadata.name, 0)
      }
    }
    for (const [name, replicas] of target) {
      if (!this.#replicas.has(name)) throw new Error(`There is no workload ${name}`)
      if (this.#replicas.get(name) === replicas) continue
      await this.#run(['scale', `deployment/${name}`, `--replicas=${replicas}`])
      this.#replicas.set(name, replicas)
    }
    await this.settled([...target.keys()])
  }

  /** All cached pods except those that are ending. */
  get all(): Pod[] {
    return [...this.#known.values()].flat()
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

  async restart(workloads: readonly string[]): Promise<void> {
    await this.#run(['rollout', 'restart', ...workloads.map((name) => `deployment/${name}`)])
    await this.settled(workloads)
  }

  /** Waits until the deployments have exactly their replicas, all new and ready, with no old pod left. */
  async settled(names: readonly string[]): Promise<void> {
    let waiting = `pods of ${names.join(', ')}`
    await this.#options.waits.during(
      () => waiting,
      () =>
        this.#untilSettled(names, (reason) => {
          waiting = reason
        }),
    )
  }

  async #untilSettled(names: readonly string[], onWaiting: (reason: string) => void): Promise<void> {
    const { clock, pace, signal } = this.#options
    const startedAt = clock.now()
    const patience = new Patience(pace.hopelessMs, clock)
    for (;;) {
      // A request that started before this wait may return stale pods: never use one.
      const objects = await this.#lookAnew()
      const deployments = objects.filter(isDeployment).filter(({ metadata }) => names.includes(metadata.name))
      const waiting =
        missing(names, deployments) ?? deployments.map((one) => unsettled(one, podsOf(one, objects))).find(Boolean)
      if (waiting === undefined) return
      onWaiting(waiting)
      await this.#refuseEnding(deployments.length < names.length)
      const pods = deployments.flatMap((deployment) => podsOf(deployment, objects))
      const obstacle = patience.over(obstacleOf(deployments, pods), pods)
      if (obstacle !== undefined && !(await this.#isScalingUp(obstacle))) throw new Error(obstacle.reason)
      if (clock.now() - startedAt > pace.rolloutMs) {
        const warning = await this.lastWarning()
        const last = warning === undefined ? '' : ` The last warning of the namespace: ${warning}`
        throw new Error(`After ${Math.round(pace.rolloutMs / 1000)} s ${waiting}.${last}`)
      }
      await clock.sleep(pace.pollMs, signal)
    }
  }

  /** If somebody else deletes the namespace, its deployments disappear too. */
  async #refuseEnding(isMissing: boolean): Promise<void> {
    if (!isMissing) return
    const { kubectl, namespace } = this.#options
    const { metadata } = await kubectl.json<KubeObject>(['get', 'namespace', namespace])
    if (metadata.deletionTimestamp === undefined) return
    throw new Error(`The namespace ${namespace} is being terminated: somebody has deleted it. Start the run again.`)
  }

  async #isScalingUp(obstacle: Obstacle): Promise<boolean> {
    return !obstacle.isCertain && isScalingUp(await this.#events([]))
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

  #look(): Promise<KubeObject[]> {
    this.#looking ??= this.#lookAnew().finally(() => {
      this.#looking = undefined
    })
    return this.#looking
  }

  async #lookAnew(): Promise<KubeObject[]> {
    const { kubectl, namespace } = this.#options
    const { items } = await kubectl.json<List<KubeObject>>(['get', 'deployments,pods', '-n', namespace])
    for (const deployment of items.filter(isDeployment)) {
      const staying = podsOf(deployment, items).filter(({ metadata }) => metadata.deletionTimestamp === undefined)
      this.#known.set(deployment.metadata.name, staying.map(toPod))
    }
    return items
  }

  /** The cluster's own description of the problem: no room on a node, a policy that forbids the pod, an image. */
  async lastWarning(): Promise<string | undefined> {
    return lastOf(await this.#events(['--field-selector', 'type=Warning']))
  }

  async #events(selection: readonly string[]): Promise<EventObject[]> {
    const { kubectl, namespace, signal } = this.#options
    const found = await kubectl
      .json<List<EventObject>>(['get', 'events', '-n', namespace, ...selection])
      .catch((): List<EventObject> => {
        signal.throwIfAborted()
        return { items: [] }
      })
    return found.items
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
