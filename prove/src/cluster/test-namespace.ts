import type { BurstReport, Info } from '@linkerd-scenario/contract'
import type { Finding } from '../expectations/expectation.ts'
import type { Observation, Sample } from '../expectations/observation.ts'
import type { Component } from '../feature.ts'
import type { MeshFacts } from './mesh-facts.ts'
import type { Clock, Pace } from './pace.ts'
import type { Waits } from './waits.ts'

/** What a burst asks for; see `POST /burst` on the consumer's admin port. */
export interface BurstRequest {
  n: number
  /** Calls under way at once; 8 without. */
  concurrency?: number
  /** Calls a second. */
  rate?: number
  /** A connection of its own for each call. */
  fresh?: boolean
  /** Value of x-fault on each call. */
  fault?: string
  /** Value of x-route on each call. */
  route?: string
}

/** A pod of a workload as the cluster describes it. */
export interface Pod {
  name: string
  uid: string
  ready: boolean
  /** Admin port of the service. */
  adminPort: number
  /** State of the proxy's container; undefined where the pod has none. */
  proxy: { ready: boolean; restarts: number; version: string; adminPort: number } | undefined
  /** The mesh as the pod's proxy is configured; undefined without a proxy. */
  mesh: MeshFacts | undefined
}

/** What steps add to an observation. */
export type Seen = Partial<Pick<Observation, 'bursts' | 'facts'>>

/** A namespace with the workloads that a feature is proved with. Every method rejects once the run is interrupted. */
export interface TestNamespace {
  readonly name: string
  readonly clock: Clock
  readonly pace: Pace
  readonly signal: AbortSignal
  readonly waits: Waits
  /** Brings the deployments to these replicas, and waits until exactly that many pods are there and ready. */
  ensure(workloads: Readonly<Record<string, number>>): Promise<void>
  /**
   * Composes a component with the base (undefined: the base alone), restarting these workloads where it patches them.
   * Returns whether the mesh's controller accepted each object that has a word on it.
   */
  compose(component: Component | undefined, workloads: readonly string[]): Promise<Finding[]>
  /** Calls from inside a pod of the workload. */
  burst(workload: string, request: BurstRequest): Promise<BurstReport>
  /**
   * Calls at a rate while `action` runs, and on until `atLeast` calls were made: bursts one after the other, each of
   * which starts calls for `burstS` seconds, or one.
   */
  trafficDuring(
    workload: string,
    request: Omit<BurstRequest, 'n'> & { rate: number; atLeast: number; burstS?: number },
    action: () => Promise<void>,
  ): Promise<BurstReport>
  /**
   * Runs the steps between two readings of the workloads' proxies; `workloads` gives them the names that expectations
   * use. Rejects where a pod was replaced meanwhile, unless `mayChange`.
   */
  observe(
    workloads: Readonly<Record<string, string>>,
    steps: () => Promise<Seen>,
    options?: { mayChange: boolean },
  ): Promise<Observation>
  pods(workload: string): Promise<Pod[]>
  /** The mesh of these pods. Rejects where no pod has a proxy. */
  mesh(): Promise<MeshFacts>
  /** One of the workload's pods, by the run's seed. */
  choosePod(workload: string): Promise<Pod>
  /** What a process says of itself on its admin port. */
  info(pod: string): Promise<Info>
  /** What the proxy of a pod has counted so far; undefined where none answers. */
  counters(pod: string): Promise<readonly Sample[] | undefined>
  /** Requests that the services of the workloads' pods refused at their limit since this was asked last. */
  takeShed(workloads: readonly string[]): Promise<number>
  /** Puts a fault on one pod, for all its requests; undefined takes it away. */
  setFaults(pod: string, faults: string | undefined): Promise<void>
  scale(workload: string, replicas: number): Promise<void>
  /** Restarts the workloads pod by pod, all at once, and waits until the new pods are ready and the old ones gone. */
  restart(workloads: readonly string[]): Promise<void>
  /** Runs a command in the service's container and returns its output. */
  exec(workload: string, command: readonly string[]): Promise<string>
}
