import type { BurstReport, Info } from '@linkerd-scenario/contract'
import type { Finding } from '../expectations/expectation.ts'
import type { Observation, Sample } from '../expectations/observation.ts'
import type { Component } from './component.ts'
import type { MeshFacts } from './mesh-facts.ts'
import type { Clock, Pace } from './pace.ts'
import type { PodImage } from './pod-images.ts'
import type { Waits } from './waits.ts'

/** The parameters of a burst; see `POST /burst` on the consumer's admin port. */
export interface BurstRequest {
  n: number
  /** Concurrent calls; 8 by default. */
  concurrency?: number
  /** Calls a second. */
  rate?: number
  /** A new connection for each call. */
  fresh?: boolean
  /** Value of x-fault on each call. */
  fault?: string
  /** Value of x-route on each call. */
  route?: string
}

/** Calls at a rate for as long as something goes on. Sends bursts, each of which starts calls for `burstS` seconds. */
export interface TrafficRequest extends Omit<BurstRequest, 'n'> {
  rate: number
  /** Calls to make at least, even if the action ends sooner. */
  atLeast: number
  /** 1 by default. */
  burstS?: number
  /**
   * Bursts under way at once, 1 by default: more where answers take longer than a burst starts calls for, so that the
   * rate is constant.
   */
  burstsAtOnce?: number
}

/** A pod of a workload as the cluster describes it. */
export interface Pod {
  name: string
  uid: string
  ready: boolean
  /** Admin port of the service. */
  adminPort: number
  /** State of the proxy's container; undefined if the pod has none. */
  proxy: { ready: boolean; restarts: number; adminPort: number } | undefined
  /** The mesh's names, from the configuration of the pod's proxy; undefined without a proxy. */
  mesh: MeshFacts | undefined
  images: readonly PodImage[]
}

/** What the steps of a phase add to an observation. */
export type Seen = Partial<Pick<Observation, 'bursts' | 'facts'>>

/** A namespace with the workloads that features are proved with. Every method rejects once the run is interrupted. */
export interface TestNamespace {
  readonly name: string
  readonly clock: Clock
  readonly pace: Pace
  readonly signal: AbortSignal
  readonly waits: Waits
  /** Scales the deployments, and waits until exactly that many pods exist and are ready. */
  ensure(workloads: Readonly<Record<string, number>>): Promise<void>
  /**
   * Composes a component with the base (undefined: the base alone), and restarts those of these workloads that it
   * patches. Returns whether the mesh's controller accepted each object that has a status.
   */
  compose(component: Component | undefined, workloads: readonly string[]): Promise<Finding[]>
  /** Makes calls from inside a pod of the workload. */
  burst(workload: string, request: BurstRequest): Promise<BurstReport>
  /** Makes calls at a rate while `action` runs, and continues until `atLeast` calls were made. */
  trafficDuring(workload: string, request: TrafficRequest, action: () => Promise<void>): Promise<BurstReport>
  /**
   * Runs the steps between two readings of the workloads' proxies; `workloads` maps the names that expectations use.
   * Rejects if a pod was replaced in the meantime.
   */
  observe(workloads: Readonly<Record<string, string>>, steps: () => Promise<Seen>): Promise<Observation>
  /**
   * Does work that waits for a state of the mesh: meanwhile `observe` reads no proxy, because that state is judged by
   * calls, and counters take a moment to come to rest.
   */
  whileSettling<Result>(work: () => Promise<Result>): Promise<Result>
  /** The last log lines of pods that have ended while this feature was measured, by pod. */
  readonly endedLogs: ReadonlyMap<string, string>
  pods(workload: string): Promise<Pod[]>
  /** The mesh of these pods. Rejects if no pod has a proxy. */
  mesh(): Promise<MeshFacts>
  /** One of the workload's pods, chosen by the run's seed. */
  choosePod(workload: string): Promise<Pod>
  /** What a process reports about itself on its admin port. */
  info(pod: string): Promise<Info>
  /** The current counts of a pod's proxy; undefined if it does not answer. */
  counters(pod: string): Promise<readonly Sample[] | undefined>
  /** Requests that the workloads' services have refused at their limit since the last call. */
  takeShed(workloads: readonly string[]): Promise<number>
  /** Applies a fault to all requests of one pod; undefined removes it. */
  setFaults(pod: string, faults: string | undefined): Promise<void>
  scale(workload: string, replicas: number): Promise<void>
  /** Runs a command in the service's container, once, and returns its output. */
  exec(workload: string, command: readonly string[]): Promise<string>
}
