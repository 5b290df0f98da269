import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseAllDocuments } from 'yaml'
import { type Behaviour, HONEST } from './behaviour.ts'
import { type Delays, NO_DELAYS } from './delays.ts'
import type { StandInPod } from './pod.ts'
import type { Applied } from './proxy/policies/policies.ts'
import { ResourceVersions } from './resource-versions.ts'
import { type Shared, StandInNamespace } from './stand-in-namespace.ts'

/** Stores the applied objects, and implements them with real processes on this machine. */
export class StandInCluster {
  readonly behaviour: Behaviour
  readonly delays: Delays
  readonly namespaces = new Map<string, StandInNamespace>()
  readonly versions = new ResourceVersions()
  readonly #shared: Shared

  constructor(behaviour: Partial<Behaviour> = {}, delays: Partial<Delays> = {}) {
    this.behaviour = { ...HONEST, ...behaviour }
    this.delays = { ...NO_DELAYS, ...delays }
    let pods = 0
    const nextIp = () => {
      pods += 1
      return `10.244.${Math.floor(pods / 250)}.${1 + (pods % 250)}`
    }
    this.#shared = { behaviour: this.behaviour, delays: this.delays, secret: randomUUID(), nextIp }
  }

  createNamespace(name: string, labels: Record<string, string>): boolean {
    if (this.namespaces.has(name)) return false
    this.namespaces.set(name, new StandInNamespace(name, labels, this.#shared))
    return true
  }

  /** Namespaces whose deletion has not been requested. */
  get namespacesLeft(): string[] {
    return [...this.namespaces].filter(([, { isTerminating }]) => !isTerminating).map(([name]) => name)
  }

  /** Resolves when it is gone, however often the deletion is requested. */
  async deleteNamespace(name: string): Promise<void> {
    const namespace = this.namespaces.get(name)
    if (namespace === undefined) return
    namespace.removal ??= Promise.all([namespace.end(), sleep(this.delays.namespaceRemovalMs)])
    await namespace.removal
    this.namespaces.delete(name)
  }

  /** Ends every process. */
  async close(): Promise<void> {
    await Promise.all([...this.namespaces.values()].map((namespace) => namespace.end()))
    this.namespaces.clear()
  }

  apply(name: string, text: string): void {
    for (const object of objectsOf(text)) this.in(name).apply(object)
  }

  delete(name: string, text: string): void {
    for (const object of objectsOf(text)) this.in(name).delete(object)
  }

  /** Deletes the selected objects of some resources. */
  deleteAll(name: string, resources: readonly string[], isSelected: (object: Applied) => boolean): void {
    const namespace = this.in(name)
    for (const object of namespace.applied) if (isOf(object, resources) && isSelected(object)) namespace.delete(object)
  }

  /** Objects of some resources, e.g. `httproute.gateway.networking.k8s.io` or `services`, with their status. */
  objectsOf(name: string, resources: readonly string[]): Applied[] {
    return this.in(name).objects.filter((object) => isOf(object, resources))
  }

  in(name: string): StandInNamespace {
    const namespace = this.namespaces.get(name)
    if (namespace === undefined) throw new Error(`namespaces "${name}" not found`)
    return namespace
  }

  pods(name: string): StandInPod[] {
    return this.in(name).pods
  }
}

/** Whether an object is of one of these resources, in the singular or plural, with or without its group. */
function isOf({ kind, apiVersion }: Applied, resources: readonly string[]): boolean {
  const lower = kind.toLowerCase()
  const group = apiVersion.includes('/') ? `.${apiVersion.split('/')[0]}` : ''
  return [lower, `${lower.replace(/y$/, 'ie')}s`].some(
    (word) => resources.includes(word) || resources.includes(`${word}${group}`),
  )
}

function objectsOf(text: string): Applied[] {
  return parseAllDocuments(text).map((document) => document.toJS() as Applied)
}
