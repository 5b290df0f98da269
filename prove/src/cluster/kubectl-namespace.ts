import type { BurstReport, Info } from '@linkerd-scenario/contract'
import type { Finding } from '../expectations/expectation.ts'
import { type Observation, type Sample, sumOf } from '../expectations/observation.ts'
import type { Component } from '../feature.ts'
import { acceptance, latest, tellsAcceptance } from './acceptance.ts'
import type { Kubectl } from './kubectl.ts'
import { idOf, isDeployment, type KubeObject, type List, type PolicyObject, resourceOf } from './kubernetes-types.ts'
import { difference, type Manifests } from './manifests.ts'
import { mergeReports } from './merge-bursts.ts'
import type { MeshFacts } from './mesh-facts.ts'
import { ObjectWatch } from './object-watch.ts'
import { observeProxies } from './observe-proxies.ts'
import type { Clock, Pace } from './pace.ts'
import { PodPorts } from './pod-ports.ts'
import type { BurstRequest, Pod, Seen, TestNamespace } from './test-namespace.ts'
import type { Waits } from './waits.ts'
import { Workloads } from './workloads.ts'

/** The services' own counter of 503 answers that they gave because they were at their limit. */
const SHED = 'http_server_requests_shed_total'

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
  readonly #policies = new Map<string, ObjectWatch>()
  readonly #willApply: (objects: readonly KubeObject[]) => void
  #isSettling = false
  /** What was applied last. */
  #composed: readonly KubeObject[] = []
  /** Requests shed so far, by the pods' uids. */
  readonly #shed = new Map<string, number>()

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
    const onPods = (ready: readonly Pod[], names: ReadonlySet<string>) => this.#ports.follow(ready, names)
    this.workloads = new Workloads({ kubectl, namespace: name, clock, pace, signal, waits, onPods })
  }

  /** Applies the base and the workloads. */
  async setUp(): Promise<void> {
    const objects = await this.#manifests.render()
    this.workloads.learn(objects.filter(isDeployment))
    await this.#apply('base', objects)
    this.#composed = objects
  }

  /** The applied objects in their current state. */
  get applied(): readonly KubeObject[] {
    return this.#composed
  }

  ensure(wanted: Readonly<Record<string, number>>): Promise<void> {
    return this.workloads.ensure(wanted)
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
    return this.#accepted(stored.filter(tellsAcceptance))
  }

  async burst(workload: string, request: BurstRequest): Promise<BurstReport> {
    // Never retried: the proxies have already counted part of the burst. The whole observation starts again.
    return this.#ports.ask(await this.#onePod(workload), (admin) => admin.burst(request), { times: 1 })
  }

  async trafficDuring(
    workload: string,
    {
      atLeast,
      rate,
      burstS = 1,
      ...request
    }: Omit<BurstRequest, 'n'> & { rate: number; atLeast: number; burstS?: number },
    action: () => Promise<void>,
  ): Promise<BurstReport> {
    const reports: BurstReport[] = []
    let total = 0
    let isOver = false
    const acting = action().finally(() => {
      isOver = true
    })
    acting.catch(() => undefined)
    try {
      while (!isOver || total < atLeast) {
        const report = await this.burst(workload, { ...request, rate, n: Math.ceil(rate * burstS) })
        reports.push(report)
        total += report.total
      }
    } finally {
      // Also when the traffic broke off: the action must end before the observation is repeated.
      await acting
    }
    return mergeReports(reports)
  }

  observe(
    workloads: Readonly<Record<string, string>>,
    steps: () => Promise<Seen>,
    { mayChange } = { mayChange: false },
  ): Promise<Observation> {
    return observeProxies(this, this.#isSettling ? {} : workloads, steps, mayChange)
  }

  async whileSettling<Result>(work: () => Promise<Result>): Promise<Result> {
    this.#isSettling = true
    try {
      return await work()
    } finally {
      this.#isSettling = false
    }
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
    const shed = await Promise.all(pods.map((pod) => this.#shedBy(pod)))
    return shed.reduce((sum, one) => sum + one, 0)
  }

  async setFaults(pod: string, faults: string | undefined): Promise<void> {
    await this.#ports.ask(pod, (admin) => admin.setFaults(faults))
  }

  scale(workload: string, replicas: number): Promise<void> {
    return this.workloads.ensure({ [workload]: replicas }, { others: 'stay' })
  }

  restart(workloads: readonly string[]): Promise<void> {
    return this.workloads.restart(workloads)
  }

  exec(workload: string, command: readonly string[]): Promise<string> {
    const container = this.workloads.containerOf(workload)
    return this.#kubectl.run(['exec', '-n', this.name, `deploy/${workload}`, '-c', container, '--', ...command])
  }

  /** Ends the processes on this machine that belong to the namespace. */
  async close(): Promise<void> {
    const watches = [...this.#policies.values()].map((watch) => watch.close())
    await Promise.all([...watches, this.workloads.close(), this.#ports.close()])
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

  async #accepted(stored: readonly PolicyObject[]): Promise<Finding[]> {
    if (stored.length === 0) return []
    const what = `the mesh to accept ${stored.map(idOf).join(', ')}`
    return this.waits.during(what, () => this.#untilAccepted(stored))
  }

  async #untilAccepted(stored: readonly PolicyObject[]): Promise<Finding[]> {
    const startedAt = this.clock.now()
    const watches = [...new Set(stored.map(resourceOf))].map((resource) => this.#policyWatch(resource))
    for (;;) {
      const seen = (await Promise.all(watches.map((watch) => watch.seen()))).flat()
      const findings = stored.map((object) => acceptance(latest(object, seen)))
      if (findings.every(({ holds }) => holds === true)) return findings
      if (this.clock.now() - startedAt > this.pace.convergeMs) return findings
      await Promise.race(watches.map((watch) => watch.changed(this.pace.pollMs)))
    }
  }

  /** Started at the first need of it, and kept: most features have a route. */
  #policyWatch(resource: string): ObjectWatch {
    const { clock, pace, signal } = this
    const options = { kubectl: this.#kubectl, namespace: this.name, resource, clock, pace, signal }
    const watch = this.#policies.get(resource) ?? new ObjectWatch(options)
    this.#policies.set(resource, watch)
    return watch
  }

  async #shedBy({ name, uid }: Pod): Promise<number> {
    const samples = await this.#ports.serviceCounters(name)
    if (samples === undefined) throw new Error(`The service of pod ${name} does not answer on its admin port`)
    const total = sumOf(samples, SHED)
    const earlier = this.#shed.get(uid) ?? 0
    this.#shed.set(uid, total)
    return total - earlier
  }

  async #onePod(workload: string): Promise<string> {
    const [pod] = await this.workloads.known(workload)
    if (pod === undefined) throw new Error(`${workload} has no ready pod`)
    return pod.name
  }
}
