import type { BurstReport, Info } from '@linkerd-scenario/contract'
import type { Finding } from '../expectations/expectation.ts'
import type { Observation, Sample } from '../expectations/observation.ts'
import type { Component } from '../feature.ts'
import { tellsAcceptance } from './acceptance.ts'
import { EndedLogs } from './ended-logs.ts'
import type { Kubectl } from './kubectl.ts'
import { type DeploymentObject, idOf, isDeployment, type KubeObject, type List } from './kubernetes-types.ts'
import { difference, isShared, type Manifests } from './manifests.ts'
import type { MeshFacts } from './mesh-facts.ts'
import { observeProxies } from './observe-proxies.ts'
import type { Clock, Pace } from './pace.ts'
import { PodPorts } from './pod-ports.ts'
import { PolicyStatus } from './policy-status.ts'
import { ShedCounts } from './shed-counts.ts'
import type { BurstRequest, Pod, Seen, TestNamespace, TrafficRequest } from './test-namespace.ts'
import { trafficDuring } from './traffic-during.ts'
import type { Waits } from './waits.ts'
import { Workloads } from './workloads.ts'

export interface KubectlNamespaceOptions {
  name: string
  kubectl: Kubectl
  manifests: Manifests
  clock: Clock
  pace: Pace
  signal: AbortSignal
  waits: Waits
  /** Label selector of pods. */
  seed: number
  /** Called with the objects that are about to be applied. */
  willApply?: (objects: readonly KubeObject[]) => void
}

/**
 * A test namespace on a cluster: implements the features' steps with kubectl commands and requests through
 * port-forwards.
 */
export class KubectlNamespace implements TestNamespace {
  readonly name: string
  readonly clock: Clock
  readonly pace: Pace
  readonly signal: AbortSignal
  readonly waits: Waits
  readonly workloads: Workloads
  readonly #kubectl: Kubectl
  readonly #manifests: Manifests
  readonly #ports: PodPorts
  readonly #seed: number
  readonly #policies: PolicyStatus
  readonly #shed: ShedCounts
  readonly #willApply: (objects: readonly KubeObject[]) => void
  readonly #endedLogs: EndedLogs
  /** The start of workloads that no feature waits for yet. */
  #starting: Promise<void> | undefined
  #isSettling = false
  #isMeasuring = false
  /** What was applied last. */
  #composed: readonly KubeObject[] = []

  constructor({ name, kubectl, manifests, clock, pace, signal, waits, seed, willApply }: KubectlNamespaceOptions) {
    this.name = name
    this.clock = clock
    this.pace = pace
    this.signal = signal
    this.waits = waits
    this.#kubectl = kubectl
    this.#manifests = manifests
    this.#seed = seed
    this.#willApply = willApply ?? (() => undefined)
    this.#ports = new PodPorts({
      kubectl,
      namespace: name,
      signal,
      timeoutMs: pace.commandMs,
      podOf: (pod) => this.workloads.pod(pod),
    })
    this.#policies = new PolicyStatus({ namespace: name, kubectl, clock, pace, signal, waits })
    this.#shed = new ShedCounts((pod) => this.#ports.serviceCounters(pod))
    const onPods = (ready: readonly Pod[], names: ReadonlySet<string>) => this.#ports.follow(ready, names)
    this.#endedLogs = new EndedLogs(kubectl, name)
    const onEnding = (names: readonly string[]) => {
      if (this.#isMeasuring) this.#endedLogs.follow(names)
    }
    this.workloads = new Workloads({ kubectl, namespace: name, clock, pace, signal, waits, onPods, onEnding })
  }

  /** Applies the base, with these workloads alone: those of the first feature, which waits for them. */
  async setUp(first: readonly string[]): Promise<void> {
    const objects = await this.#manifests.render()
    await this.#add(
      'base',
      objects.filter((object) => !isDeployment(object) || first.includes(object.metadata.name)),
    )
  }

  /**
   * Starts the other workloads, for which nobody waits yet, but those that would answer calls. What goes wrong is told
   * to the feature that needs them.
   */
  startOthers(): void {
    this.#starting = this.#startMissing(({ metadata }) => !isShared(metadata))
    this.#starting.catch(() => undefined)
  }

  /** The applied objects in their current state. */
  get applied(): readonly KubeObject[] {
    return this.#composed
  }

  async ensure(wanted: Readonly<Record<string, number>>): Promise<void> {
    // With this a feature begins.
    this.#endedLogs.clear()
    await this.#starting?.catch(() => this.signal.throwIfAborted())
    await this.#startMissing(({ metadata: { name } }) => name in wanted)
    await this.workloads.ensure(wanted)
  }

  async compose(component: Component | undefined, workloads: readonly string[]): Promise<Finding[]> {
    const target = await this.#manifests.render(component)
    const { apply, remove } = difference(this.#composed, target)
    const name = component?.path.replaceAll('/', '-') ?? 'off'
    // A feature's patches matter only to the workloads that take part; the others need not restart.
    const due = apply.filter((object) => !isDeployment(object) || workloads.includes(object.metadata.name))
    const [stored] = await Promise.all([this.#apply(name, due), this.#delete(`${name}-removes`, remove)])
    const replaced = new Map(due.map((object) => [idOf(object), object]))
    const gone = new Set(remove.map(idOf))
    const kept = this.#composed.filter((object) => !gone.has(idOf(object)) && !replaced.has(idOf(object)))
    this.#composed = [...kept, ...due]
    const changed = due.filter(isDeployment).map(({ metadata }) => metadata.name)
    if (changed.length > 0) await this.workloads.settled(changed)
    return this.#policies.accepted(stored.filter(tellsAcceptance))
  }

  async burst(workload: string, request: BurstRequest): Promise<BurstReport> {
    // Never retried: the proxies have already counted part of the burst. The whole observation starts again.
    return this.#ports.ask(await this.#onePod(workload), (admin) => admin.burst(request), { times: 1 })
  }

  trafficDuring(workload: string, request: TrafficRequest, action: () => Promise<void>): Promise<BurstReport> {
    const burst = (part: BurstRequest) => this.burst(workload, part)
    return trafficDuring(request, action, { burst, clock: this.clock, signal: this.signal })
  }

  observe(
    workloads: Readonly<Record<string, string>>,
    steps: () => Promise<Seen>,
    { mayChange } = { mayChange: false },
  ): Promise<Observation> {
    return observeProxies(this, this.#isSettling ? {} : workloads, () => this.#measured(steps), mayChange)
  }

  async whileSettling<Result>(work: () => Promise<Result>): Promise<Result> {
    this.#isSettling = true
    try {
      return await work()
    } finally {
      this.#isSettling = false
    }
  }

  get endedLogs(): ReadonlyMap<string, string> {
    return this.#endedLogs.texts
  }

  async mesh(): Promise<MeshFacts> {
    const facts = this.workloads.all.find(({ mesh }) => mesh !== undefined)?.mesh
    if (facts === undefined) throw new Error(`No pod of namespace ${this.name} has a proxy with an identity`)
    return facts
  }

  pods(workload: string): Promise<Pod[]> {
    return this.workloads.pods(workload)
  }

  async choosePod(workload: string): Promise<Pod> {
    // Uses the cached pods: looking them up each time takes longer on a slow cluster than a breaker's penalty lasts.
    const pods = [...(await this.workloads.known(workload))]
    const pod = pods.sort((a, b) => (a.name < b.name ? -1 : 1))[this.#seed % pods.length]
    if (pod === undefined) throw new Error(`${workload} has no pod`)
    return pod
  }

  async info(pod: string): Promise<Info> {
    return this.#ports.ask(pod, (admin) => admin.info())
  }

  counters(pod: string): Promise<readonly Sample[] | undefined> {
    return this.#ports.counters(pod)
  }

  async takeShed(workloads: readonly string[]): Promise<number> {
    const pods = (await Promise.all(workloads.map((workload) => this.workloads.known(workload)))).flat()
    return this.#shed.take(pods)
  }

  async setFaults(pod: string, faults: string | undefined): Promise<void> {
    await this.#ports.ask(pod, (admin) => admin.setFaults(faults))
  }

  scale(workload: string, replicas: number): Promise<void> {
    return this.workloads.ensure({ [workload]: replicas }, { others: 'stay' })
  }

  exec(workload: string, command: readonly string[]): Promise<string> {
    const container = this.workloads.containerOf(workload)
    return this.#kubectl.run(['exec', '-n', this.name, `deploy/${workload}`, '-c', container, '--', ...command])
  }

  /** Ends the processes on this machine that belong to the namespace. */
  async close(): Promise<void> {
    await Promise.all([this.#policies, this.workloads, this.#ports, this.#endedLogs].map((one) => one.close()))
  }

  async #measured(steps: () => Promise<Seen>): Promise<Seen> {
    this.#isMeasuring = !this.#isSettling
    try {
      return await steps()
    } finally {
      this.#isMeasuring = false
    }
  }

  /** Applies workloads of the base that were not applied yet. */
  async #startMissing(isWanted: (deployment: DeploymentObject) => boolean): Promise<void> {
    const applied = new Set(this.workloads.names)
    const base = (await this.#manifests.render()).filter(isDeployment)
    const missing = base.filter((deployment) => !applied.has(deployment.metadata.name) && isWanted(deployment))
    await this.#add('workloads', missing)
  }

  async #add(name: string, objects: readonly KubeObject[]): Promise<void> {
    this.workloads.learn(objects.filter(isDeployment))
    await this.#apply(name, objects)
    this.#composed = [...this.#composed, ...objects]
  }

  /** Returns the objects as the API server has stored them. */
  async #apply(name: string, objects: readonly KubeObject[]): Promise<KubeObject[]> {
    if (objects.length === 0) return []
    this.#willApply(objects)
    const file = await this.#manifests.write(name, objects)
    const answer = await this.#kubectl.json<KubeObject | List<KubeObject>>(['apply', '-n', this.name, '-f', file])
    const stored = 'items' in answer ? answer.items : [answer]
    this.workloads.applied(stored)
    return stored
  }

  async #delete(name: string, objects: readonly KubeObject[]): Promise<void> {
    if (objects.length === 0) return
    const file = await this.#manifests.write(name, objects)
    await this.#kubectl.run(['delete', '-n', this.name, '--ignore-not-found', '-f', file])
  }

  async #onePod(workload: string): Promise<string> {
    const [pod] = await this.workloads.known(workload)
    if (pod === undefined) throw new Error(`${workload} has no ready pod`)
    return pod.name
  }
}
