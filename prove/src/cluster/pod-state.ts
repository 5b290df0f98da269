import type { DeploymentObject, EventObject, KubeObject, PodObject } from './kubernetes-types.ts'
import { meshFactsOf, PROXY } from './mesh-facts.ts'
import { podImages } from './pod-images.ts'
import type { Pod } from './test-namespace.ts'

/** Names of the admin ports in the pod: our manifests name the service's, the injector names the proxy's. */
const SERVICE_ADMIN = 'admin'
const PROXY_ADMIN = 'linkerd-admin'
const HASH = 'pod-template-hash'

/** A pod as features see it. The proxy may be a native sidecar (an init container) or an ordinary container. */
export function toPod(pod: PodObject): Pod {
  const { metadata, spec, status } = pod
  const containers = [...(spec.initContainers ?? []), ...spec.containers]
  const state = [...(status.initContainerStatuses ?? []), ...(status.containerStatuses ?? [])].find(
    ({ name }) => name === PROXY,
  )
  return {
    name: metadata.name,
    uid: metadata.uid ?? metadata.name,
    adminPort: portOf(spec.containers, SERVICE_ADMIN),
    mesh: meshFactsOf(pod),
    images: podImages(pod),
    ready: status.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True') ?? false,
    proxy: containers.some(({ name }) => name === PROXY)
      ? {
          ready: state?.ready ?? false,
          restarts: state?.restartCount ?? 0,
          adminPort: portOf(containers, PROXY_ADMIN),
        }
      : undefined,
  }
}

/** The number of a named container port; 0 where no container has it. */
function portOf(containers: PodObject['spec']['containers'], port: string): number {
  return containers.flatMap(({ ports = [] }) => ports).find(({ name }) => name === port)?.containerPort ?? 0
}

const OVER = new Set(['Failed', 'Succeeded'])

/** The pods of a deployment, including those that are ending. An evicted pod stays as Failed and does not count. */
export function podsOf(deployment: DeploymentObject, objects: readonly KubeObject[]): PodObject[] {
  const wanted = Object.entries(deployment.spec.selector.matchLabels)
  return objects.filter(
    (object): object is PodObject =>
      object.kind === 'Pod' &&
      !OVER.has((object as PodObject).status.phase ?? '') &&
      wanted.every(([name, value]) => object.metadata.labels?.[name] === value),
  )
}

/** What the run has asked of a deployment, and what it was before. */
export interface Wanted {
  replicas: number
  /** Of the deployment as the API server stored it at the last apply. */
  generation: number
  /** The hash of the pods for each template that was reached before. */
  hashes: ReadonlyMap<string, string>
}

/**
 * Why a deployment does not have exactly its replicas yet, all new and ready, with no old pod left; undefined when it
 * does. A watch shows the effect of a command some time after the command has returned, and deployments and pods are
 * watched apart: what was reached before must not count for what is wanted now.
 */
export function unsettled(
  deployment: DeploymentObject,
  pods: readonly PodObject[],
  wanted: Wanted,
): string | undefined {
  const { status = {}, metadata } = deployment
  const { replicas } = wanted
  const ready = pods.filter((pod) => pod.metadata.deletionTimestamp === undefined && toPod(pod).ready).length
  const isCurrent =
    (metadata.generation ?? 0) >= wanted.generation &&
    (status.observedGeneration ?? 0) >= (metadata.generation ?? 0) &&
    (deployment.spec.replicas ?? 1) === replicas &&
    (status.updatedReplicas ?? 0) === replicas &&
    (status.replicas ?? 0) === replicas
  if (isCurrent && ready === replicas && pods.length === replicas && areOf(deployment, pods, wanted)) return undefined
  return `${metadata.name} has ${ready} of ${replicas} pods ready, ${pods.length} in all`
}

/** The wanted state once it is reached. */
export function reached(deployment: DeploymentObject, pods: readonly PodObject[], wanted: Wanted): Wanted {
  const hash = hashOf(pods)
  if (hash === undefined) return wanted
  return { ...wanted, hashes: new Map([...wanted.hashes, [JSON.stringify(deployment.spec.template), hash]]) }
}

/** Whether the pods were made from the deployment's current template: only another template gives another hash. */
function areOf({ spec }: DeploymentObject, pods: readonly PodObject[], { hashes }: Wanted): boolean {
  const hash = hashOf(pods)
  if (pods.some(({ metadata }) => metadata.labels?.[HASH] !== hash)) return false
  const known = hashes.get(JSON.stringify(spec.template))
  if (hash === undefined) return true
  return known === undefined ? ![...hashes.values()].includes(hash) : hash === known
}

function hashOf([first]: readonly PodObject[]): string | undefined {
  return first?.metadata.labels?.[HASH]
}

/** The latest event as text; undefined if there are none. */
export function lastOf(events: readonly EventObject[]): string | undefined {
  const timeOf = ({ lastTimestamp, eventTime, metadata }: EventObject) =>
    Date.parse(lastTimestamp ?? eventTime ?? metadata.creationTimestamp ?? '') || 0
  const [last] = [...events].sort((a, b) => timeOf(b) - timeOf(a))
  return last && `${last.reason ?? 'unknown'}: ${last.message ?? ''}`
}
