import type { DeploymentObject, EventObject, KubeObject, PodObject } from './kubernetes-types.ts'
import { meshFactsOf } from './mesh-facts.ts'
import type { Pod } from './test-namespace.ts'

const PROXY = 'linkerd-proxy'
/** Names of the admin ports in the pod: our manifests name the service's, the injector names the proxy's. */
const SERVICE_ADMIN = 'admin'
const PROXY_ADMIN = 'linkerd-admin'

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
    ready: status.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True') ?? false,
    proxy: containers.some(({ name }) => name === PROXY)
      ? {
          ready: state?.ready ?? false,
          restarts: state?.restartCount ?? 0,
          version: metadata.annotations?.['linkerd.io/proxy-version'] ?? 'unknown',
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

/**
 * Why a deployment does not have exactly its replicas yet, all new and ready, with no old pod left; undefined when it
 * does.
 */
export function unsettled(deployment: DeploymentObject, pods: readonly PodObject[]): string | undefined {
  const { spec, status = {}, metadata } = deployment
  const replicas = spec.replicas ?? 1
  const ready = pods.filter((pod) => pod.metadata.deletionTimestamp === undefined && toPod(pod).ready).length
  const isCurrent =
    (status.observedGeneration ?? 0) >= (metadata.generation ?? 0) &&
    (status.updatedReplicas ?? 0) === replicas &&
    (status.replicas ?? 0) === replicas
  if (isCurrent && ready === replicas && pods.length === replicas) return undefined
  return `${metadata.name} has ${ready} of ${replicas} pods ready, ${pods.length} in all`
}

/** The latest event as text; undefined if there are none. */
export function lastOf(events: readonly EventObject[]): string | undefined {
  const timeOf = ({ lastTimestamp, eventTime, metadata }: EventObject) =>
    Date.parse(lastTimestamp ?? eventTime ?? metadata.creationTimestamp ?? '') || 0
  const [last] = [...events].sort((a, b) => timeOf(b) - timeOf(a))
  return last && `${last.reason ?? 'unknown'}: ${last.message ?? ''}`
}
