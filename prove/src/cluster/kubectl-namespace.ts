import type { BurstReport, Info } from '@linkerd-scenario/contract'
import { ByHand, type Target } from '../by-hand/by-hand.ts'
import { NamedFiles } from '../by-hand/named-files.ts'
import type { Finding } from '../expectations/expectation.ts'
import type { Observation, Sample } from '../expectations/observation.ts'
import { burstRequest, faultsRequest, INFO_REQUEST, WayLost } from './admin-port.ts'
import { AppliedObjects } from './applied-objects.ts'
import type { Component } from './component.ts'
import { EndedLogs } from './ended-logs.ts'
import { targetOf, targetOfPod } from './forward-target.ts'
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
  /** Is told what is done, for readers who want to do it again. */
  byHand?: ByHand
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
  readonly #byHand: ByHand
  #isSettling = false
  #isMeasuring = false

  constructor(options: KubectlNamespaceOptions) {
    const { name, kubectl, manifests, clock, pace, signal, waits, seed, willApply } = options
    this.name = name
    this.#byHand = options.byHand ?? new ByHand({ namespace: name, lane: name, files: new NamedFiles() })
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
    this.objects = new AppliedObjects({
      ...access,
      manifests,
      workloads: this.workloads,
      willApply,
      byHand: this.#byHand,
    })
  }

  async ensure(wanted: Readonly<Record<string, number>>): Promise<void> {
    // With this a feature begins.
    this.#endedLogs.clear()
    await this.objects.start(Object.keys(wanted))
    const others = (await this.objects.shared()).map((workload) => [workload, 0] as const)
    this.#byHand.scaled({ ...Object.fromEntries(others), ...wanted })
    await this.workloads.ensure(wanted)
    this.#byHand.settled(Object.keys(wanted))
  }

  compose(component: Component | undefined, workloads: readonly string[]): Promise<Finding[]> {
    return this.objects.compose(component, workloads)
  }

  async burst(workload: string, request: BurstRequest): Promise<BurstReport> {
    // Never retried: the proxies have already counted part of the burst. The whole observation starts again.
    const pod = await this.#onePod(workload)
    this.#tell(targetOf(this.workloads, workload), (target, port) =>
      this.#byHand.called(target, port, burstRequest(request)),
    )
    return this.#burst(pod, request)
  }

  async trafficDuring(workload: string, request: TrafficRequest, action: () => Promise<void>): Promise<BurstReport> {
    const { rate, burstS = 1, burstsAtOnce = 1 } = request
    const asked = burstRequest({ ...request, n: Math.ceil(rate * burstS) })
    let ended: (() => void) | undefined
    this.#tell(targetOf(this.workloads, workload), (target, port) => {
      ended = this.#byHand.goesOn(target, port, asked, { burstS, burstsAtOnce })
    })
    const burst = async (part: BurstRequest) => this.#burst(await this.#onePod(workload), part)
    const report = await trafficDuring(request, action, { burst, clock: this.clock, signal: this.signal })
    ended?.()
    return report
  }

  observe(workloads: Readonly<Record<string, string>>, steps: () => Promise<Seen>): Promise<Observation> {
    const read = this.#isSettling ? {} : workloads
    return observeProxies(this, read, () => this.#measured(steps, read))
  }

  async whileSettling<Result>(work: () => Promise<Result>): Promise<Result> {
    this.#isSettling = true
    this.#byHand.waits()
    try {
      return await work()
    } finally {
      this.#isSettling = false
      this.#byHand.waited()
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
    this.#tell(targetOfPod(this.workloads, pod), (target, port) => this.#byHand.called(target, port, INFO_REQUEST))
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
    this.#tell(targetOfPod(this.workloads, pod), (target, port) =>
      this.#byHand.called(target, port, faultsRequest(faults)),
    )
    await this.#ports.ask(pod, (admin) => admin.setFaults(faults))
  }

  async scale(workload: string, replicas: number): Promise<void> {
    this.#byHand.scaled({ [workload]: replicas })
    await this.workloads.ensure({ [workload]: replicas }, { others: 'stay' })
    this.#byHand.settled([workload])
  }

  async exec(workload: string, command: readonly string[]): Promise<string> {
    const container = this.workloads.containerOf(workload)
    this.#byHand.ran(workload, container, command)
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

  /** `read` names the workloads whose proxies are read before and after the steps. */
  async #measured(steps: () => Promise<Seen>, read: Readonly<Record<string, string>>): Promise<Seen> {
    this.#isMeasuring = !this.#isSettling
    const brokeOff = this.#byHand.observes()
    try {
      const after = Object.entries(read).flatMap(([name, workload]) => this.#countsByHand(name, workload))
      const seen = await steps()
      for (const readAgain of after) readAgain()
      return seen
    } catch (error) {
      brokeOff()
      throw error
    } finally {
      this.#isMeasuring = false
    }
  }

  #burst(pod: string, request: BurstRequest): Promise<BurstReport> {
    return this.#ports.ask(pod, (admin) => admin.burst(request), { times: 1 })
  }

  /** Tells how the proxies of a workload are read. Returns what is to be called when they are read again. */
  #countsByHand(name: string, workload: string): (() => void)[] {
    const [pod] = this.workloads.byWorkload.get(workload) ?? []
    const target = targetOf(this.workloads, workload)
    if (pod?.proxy === undefined || target === undefined) return []
    return [this.#byHand.counts(name, target, pod.proxy.adminPort)]
  }

  #tell(target: Target | undefined, tell: (target: Target, port: number) => void): void {
    const [port] = target?.ports ?? []
    if (target !== undefined && port !== undefined) tell(target, port)
  }

  async #onePod(workload: string): Promise<string> {
    const [pod] = await this.workloads.known(workload)
    if (pod === undefined) throw new Error(`${workload} has no ready pod`)
    return pod.name
  }
}
