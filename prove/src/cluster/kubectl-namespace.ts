import type { BurstReport, Info } from '@linkerd-scenario/contract'
import type { Finding } from '../expectations/expectation.ts'
import type { Observation, Sample } from '../expectations/observation.ts'
import { WayLost } from './admin-port.ts'
import { AppliedObjects } from './applied-objects.ts'
import type { Component } from './component.ts'
import { EndedLogs } from './ended-logs.ts'
import { isTransient, type Kubectl, KubectlError } from './kubectl.ts'
import type { KubeObject } from './kubernetes-types.ts'
import type { Manifests } from './manifests.ts'
import type { MeshFacts } from './mesh-facts.ts'
import type { NamespaceAccess } from './namespace-access.ts'
import { observeProxies } from './observe-proxies.ts'
import type { Clock, Pace } from './pace.ts'
import { PodPorts } from './pod-ports.ts'
import { ShedCounts } from './shed-counts.ts'
import type { BurstRequest, Pod, Seen, TestNamespace, TrafficRequest } from './test-namespace.ts'
import { trafficDuring } from './traffic-during.ts'
import type { Waits } from './waits.ts'
import { Workloads } from './workloads.ts'

export interface KubectlNamespaceOptions extends Omit<NamespaceAccess, 'namespace'> {
  name: string
  manifests: Manifests
  /** Decides which pod of several a feature disturbs. */
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
  readonly objects: AppliedObjects
  readonly #kubectl: Kubectl
  readonly #ports: PodPorts
  readonly #seed: number
  readonly #shed: ShedCounts
  readonly #endedLogs: EndedLogs
  #isSettling = false
  #isMeasuring = false

  constructor({ name, kubectl, manifests, clock, pace, signal, waits, seed, willApply }: KubectlNamespaceOptions) {
    this.name = name
    this.clock = clock
    this.pace = pace
    this.signal = signal
    this.waits = waits
    this.#kubectl = kubectl
    this.#seed = seed
    this.#ports = new PodPorts({
      kubectl,
      namespace: name,
      signal,
      timeoutMs: pace.commandMs,
      podOf: (pod) => this.workloads.pod(pod),
    })
    this.#shed = new ShedCounts((pod) => this.#ports.serviceCounters(pod))
    const onPods = (ready: readonly Pod[], names: ReadonlySet<string>) => this.#ports.follow(ready, names)
    this.#endedLogs = new EndedLogs(kubectl, name)
    const onEnding = (names: readonly string[]) => {
      if (this.#isMeasuring) this.#endedLogs.follow(names)
    }
    const access = { namespace: name, kubectl, clock, pace, signal, waits }
    this.workloads = new Workloads({ ...access, onPods, onEnding })
    this.objects = new AppliedObjects({ ...access, manifests, workloads: this.workloads, willApply })
  }

  async ensure(wanted: Readonly<Record<string, number>>): Promise<void> {
    // With this a feature begins.
    this.#endedLogs.clear()
    await this.objects.start(Object.keys(wanted))
    await this.workloads.ensure(wanted)
  }

  compose(component: Component | undefined, workloads: readonly string[]): Promise<Finding[]> {
    return this.objects.compose(component, workloads)
  }

  async burst(workload: string, request: BurstRequest): Promise<BurstReport> {
    // Never retried: the proxies have already counted part of the burst. The whole observation starts again.
    return this.#ports.ask(await this.#onePod(workload), (admin) => admin.burst(request), { times: 1 })
  }

  trafficDuring(workload: string, request: TrafficRequest, action: () => Promise<void>): Promise<BurstReport> {
    const burst = (part: BurstRequest) => this.burst(workload, part)
    return trafficDuring(request, action, { burst, clock: this.clock, signal: this.signal })
  }

  observe(workloads: Readonly<Record<string, string>>, steps: () => Promise<Seen>): Promise<Observation> {
    return observeProxies(this, this.#isSettling ? {} : workloads, () => this.#measured(steps))
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

  async exec(workload: string, command: readonly string[]): Promise<string> {
    const container = this.workloads.containerOf(workload)
    const args = ['exec', '-n', this.name, `deploy/${workload}`, '-c', container, '--', ...command]
    try {
      // Never retried, like a burst.
      return await this.#kubectl.run(args, { attempts: 1 })
    } catch (error) {
      if (!(error instanceof KubectlError) || !isTransient(error.stderr)) throw error
      throw new WayLost(error.message, { cause: error })
    }
  }

  /** Ends the processes on this machine that belong to the namespace. */
  async close(): Promise<void> {
    await Promise.all([this.objects, this.workloads, this.#ports, this.#endedLogs].map((one) => one.close()))
  }

  async #measured(steps: () => Promise<Seen>): Promise<Seen> {
    this.#isMeasuring = !this.#isSettling
    try {
      return await steps()
    } finally {
      this.#isMeasuring = false
    }
  }

  async #onePod(workload: string): Promise<string> {
    const [pod] = await this.workloads.known(workload)
    if (pod === undefined) throw new Error(`${workload} has no ready pod`)
    return pod.name
  }
}
