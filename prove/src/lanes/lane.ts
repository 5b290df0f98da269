import { join, resolve } from 'node:path'
import { ByHand } from '../by-hand/by-hand.ts'
import type { NamedFiles } from '../by-hand/named-files.ts'
import { BASE_FILE } from '../by-hand/set-up.ts'
import { findCauses } from '../cluster/causes.ts'
import { keepEvidence } from '../cluster/evidence.ts'
import type { Kubectl } from '../cluster/kubectl.ts'
import { KubectlNamespace } from '../cluster/kubectl-namespace.ts'
import type { KubeObject } from '../cluster/kubernetes-types.ts'
import { BASE_WORKLOADS, type Manifests, yamlOf } from '../cluster/manifests.ts'
import { createNamespace } from '../cluster/namespace.ts'
import type { PodImage } from '../cluster/pod-images.ts'
import { CannotRun, type Cluster } from '../cluster/preflight.ts'
import type { RunObjects } from '../cluster/run-objects.ts'
import { Waits } from '../cluster/waits.ts'
import type { LaneWatcher, RunContext } from '../run-context.ts'
import type { RunOptions } from '../run-options.ts'
import type { Batch } from './batches.ts'
import type { QuietGate } from './quiet-gate.ts'

export interface LaneOptions {
  given: RunOptions
  kubectl: Kubectl
  cluster: Cluster
  /** Name of its namespace. */
  name: string
  /** Names the run. */
  run: string
  /** The run's objects, if the namespace existed before. */
  guest: RunObjects | undefined
  /** The manifests of the run. */
  manifests: Manifests
  gate: QuietGate
  /** Whether it proves all features. */
  isOnly: boolean
  /** For readers who repeat the run by hand: the one namespace that all commands name, and the files that they name. */
  byHand: { namespace: string; files: NamedFiles }
}

/** A namespace with its workloads, in which features are proved one after the other. */
export class Lane {
  readonly name: string
  readonly #options: LaneOptions
  readonly #kubectl: Kubectl
  readonly #namespace: KubectlNamespace
  readonly #folder: string
  readonly #manifests: Manifests
  readonly #watcher: LaneWatcher
  readonly #waits: Waits
  readonly #byHand: ByHand

  constructor(options: LaneOptions) {
    const { given, name } = options
    this.name = name
    this.#options = options
    this.#byHand = new ByHand({ ...options.byHand, lane: name })
    this.#folder = resolve(given.options.out, name)
    this.#waits = new Waits({
      quietMs: given.pace.quietMs,
      announce: (line, warning) => this.#watcher.announces(line, warning),
      lastWarning: () => this.#namespace.workloads.lastWarning(),
    })
    this.#watcher = given.progress.lane(name, () => this.#waits.current)
    this.#kubectl = options.kubectl
    this.#manifests = options.manifests.with({ folder: join(this.#folder, 'manifests'), kubectl: this.#kubectl })
    this.#namespace = this.#makeNamespace()
  }

  /**
   * Creates the namespace and starts the services for the first feature. Rejects with a CannotRun if the set-up fails.
   */
  async open(first: Batch): Promise<RunContext> {
    const { name, run, given, cluster, guest, gate, isOnly, byHand } = this.#options
    const kubectl = this.#kubectl.with({ waits: this.#waits })
    if (guest === undefined) await createNamespace(kubectl, name, run)
    else await guest.refuseStrangers(kubectl, await this.#manifests.renderAll())
    try {
      const wanted = { ...Object.fromEntries(BASE_WORKLOADS.map((one) => [one, 1])), ...first.workloads }
      await this.#namespace.objects.setUp(Object.keys(wanted))
      await this.#namespace.ensure(wanted)
      this.#refuseUnmeshed()
      byHand.files.add(BASE_FILE, yamlOf(await this.#manifests.render()))
      // A reader applies all at once, and has no use for how this lane came to it.
      this.#byHand.take()
      // Of several lanes each starts what its features turn out to need: nodes are short of room and processor time.
      if (isOnly) this.#namespace.objects.startOthers()
    } catch (error) {
      given.signal.throwIfAborted()
      throw new CannotRun(`${error instanceof Error ? error.message : String(error)}${await this.#evidenceOfSetUp()}`, {
        cause: error,
      })
    }
    return {
      namespace: this.#namespace,
      controlPlane: cluster.controlPlane,
      lacks: cluster.lacks,
      keepEvidence: (feature) => this.#keepEvidence(feature.name, Object.keys(feature.workloads)),
      findCauses: () => findCauses(this.#kubectl, name, this.#namespace.objects.current),
      byHand: this.#byHand,
      gate,
      watcher: this.#watcher,
    }
  }

  /** The images of the pods that are there now. */
  get images(): PodImage[] {
    return this.#namespace.workloads.all.flatMap(({ images }) => images)
  }

  /** Ends the lane's processes on this machine. */
  close(): Promise<void> {
    return this.#namespace.close()
  }

  #makeNamespace(): KubectlNamespace {
    const waits = this.#waits
    const { given, name, guest } = this.#options
    const { options, clock, pace, signal } = given
    const kubectl = this.#kubectl.with({ waits })
    const manifests = this.#manifests
    const willApply = (objects: readonly KubeObject[]) => guest?.willApply(objects)
    const byHand = this.#byHand
    const { seed } = options
    return new KubectlNamespace({ name, kubectl, manifests, clock, pace, signal, waits, seed, willApply, byHand })
  }

  /** One sentence if no pod has a proxy, instead of a failure of every feature. */
  #refuseUnmeshed(): void {
    const { cluster, name } = this.#options
    const pods = this.#namespace.workloads.all
    if (pods.some(({ proxy }) => proxy !== undefined)) return
    throw new CannotRun(
      `The pods are not meshed: Linkerd ${cluster.linkerd} is installed, but its injector has put a proxy into none of them. See \`kubectl get events -n ${name}\`, \`kubectl -n ${cluster.controlPlane} get pods -l linkerd.io/control-plane-component=proxy-injector\` and \`linkerd check\`.`,
    )
  }

  /** The namespace will be removed, and with it all evidence. */
  async #evidenceOfSetUp(): Promise<string> {
    const evidence = await this.#keepEvidence('set-up', BASE_WORKLOADS).catch(() => undefined)
    return evidence === undefined ? '' : ` Logs and events: ${evidence}`
  }

  #keepEvidence(folder: string, workloads: readonly string[]): Promise<string> {
    return keepEvidence(this.#kubectl, this.#namespace, join(this.#folder, folder), workloads)
  }
}

/** The namespaces of a run's lanes: `prove-1`, `prove-1-2`, `prove-1-3`. */
export function laneNamespace(first: string, index: number): string {
  return index === 0 ? first : `${first}-${index + 1}`
}
