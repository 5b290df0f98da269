import { createHash } from 'node:crypto'
import type { StandInPod, Template } from './pod.ts'

export interface DeploymentSpec {
  replicas?: number
  selector: { matchLabels: Record<string, string> }
  template: Template
}

/** A deployment that keeps its pods at the desired state: at most one pod more than needed, and never fewer. */
export class StandInDeployment {
  readonly name: string
  readonly uid: string | undefined
  readonly labels: Record<string, string>
  spec: DeploymentSpec
  replicas = 1
  generation = 1
  readonly pods: StandInPod[] = []
  #observed = 0
  #restarts = 0
  #working: Promise<void> | undefined
  #isDeleted = false
  readonly #makePod: (hash: string, template: Template) => StandInPod

  constructor(
    { name, uid, labels = {} }: { name: string; uid?: string; labels?: Record<string, string> },
    spec: DeploymentSpec,
    makePod: (hash: string, template: Template) => StandInPod,
  ) {
    this.name = name
    this.uid = uid
    this.labels = labels
    this.spec = spec
    this.#makePod = makePod
    this.#work()
  }

  change(spec: DeploymentSpec): void {
    this.spec = spec
    this.generation += 1
    this.#work()
  }

  scale(replicas: number): void {
    this.replicas = replicas
    this.generation += 1
    this.#work()
  }

  restart(): void {
    this.#restarts += 1
    this.generation += 1
    this.#work()
  }

  async delete(): Promise<void> {
    this.#isDeleted = true
    await Promise.all(this.pods.map((pod) => pod.stop()))
    await this.#working
    await Promise.all(this.pods.map((pod) => pod.stop()))
  }

  /** In the form of `kubectl get -o json`; `refusal`: why the API server creates none of its pods. */
  toObject(refusal?: string): object {
    const failure = { type: 'ReplicaFailure', status: 'True', reason: 'FailedCreate', message: refusal }
    const isRefused = refusal !== undefined && this.replicas > 0
    const staying = this.pods.filter((pod) => !pod.terminating && !pod.ended)
    const updated = staying.filter((pod) => pod.options.hash === this.hash)
    const counted = {
      replicas: staying.length,
      updatedReplicas: updated.length,
      readyReplicas: staying.filter((pod) => pod.ready).length,
    }
    return {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: this.name, uid: this.uid, labels: this.labels, generation: this.generation },
      spec: { ...this.spec, replicas: this.replicas, template: this.#template },
      status: {
        observedGeneration: this.#observed,
        ...(isRefused ? { conditions: [failure] } : counted),
      },
    }
  }

  /** A restart changes the template, as `kubectl rollout restart` does. */
  get #template(): Template {
    const { metadata, spec } = this.spec.template
    if (this.#restarts === 0) return this.spec.template
    const restartedAt = { 'kubectl.kubernetes.io/restartedAt': String(this.#restarts) }
    return { metadata: { ...metadata, annotations: { ...metadata.annotations, ...restartedAt } }, spec }
  }

  /** Of the template that its pods should have. */
  get hash(): string {
    const text = JSON.stringify([this.spec.template, this.#restarts])
    return createHash('sha256').update(text).digest('hex').slice(0, 8)
  }

  #work(): void {
    this.#working = (this.#working ?? Promise.resolve()).then(() => this.#reconcile())
  }

  async #reconcile(): Promise<void> {
    const generation = this.generation
    while (!this.#isDeleted) {
      const staying = this.pods.filter((pod) => !pod.terminating && !pod.ended)
      const current = staying.filter((pod) => pod.options.hash === this.hash)
      const old = staying.filter((pod) => pod.options.hash !== this.hash)
      const missing = this.replicas - current.length
      if (missing > 0) {
        await Promise.all(Array.from({ length: old.length > 0 ? 1 : missing }, () => this.#add()))
      } else {
        const surplus = old.length > 0 ? old.slice(0, 1) : current.slice(this.replicas)
        if (surplus.length === 0) break
        for (const pod of surplus) void pod.stop()
      }
    }
    this.#observed = Math.max(this.#observed, generation)
  }

  async #add(): Promise<void> {
    const pod = this.#makePod(this.hash, this.spec.template)
    this.pods.push(pod)
    await pod.start().catch((error: unknown) => {
      // A pod that was told to end while it started is not a failure.
      if (!pod.terminating) throw error
    })
  }
}
