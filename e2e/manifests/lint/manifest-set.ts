import { groupOf, type KubeObject } from '../kube-object.ts'
import type { AuthorizationPolicy, ParentRef, Route, Selector, Server, Service, Workload } from './model.ts'

/** The objects of one build, with the queries that rules need. Throws if there are none to check. */
export class ManifestSet {
  readonly objects: readonly KubeObject[]

  constructor(objects: readonly KubeObject[]) {
    if (objects.length === 0) throw new Error('there is nothing to lint')
    this.objects = objects
  }

  /** All objects of a kind. The caller knows the kind's shape. */
  ofKind<T extends KubeObject>(...kinds: string[]): T[] {
    return this.objects.filter(({ kind }) => kinds.includes(kind)) as T[]
  }

  get services(): Service[] {
    return this.ofKind('Service')
  }

  get workloads(): Workload[] {
    return this.ofKind('Deployment', 'StatefulSet', 'DaemonSet', 'Job')
  }

  get routes(): Route[] {
    return this.ofKind('HTTPRoute')
  }

  get servers(): Server[] {
    return this.ofKind('Server')
  }

  /** Linkerd's: Istio has a kind of the same name. */
  get authorizations(): AuthorizationPolicy[] {
    return this.ofKind<AuthorizationPolicy>('AuthorizationPolicy').filter(
      (policy) => groupOf(policy) === 'policy.linkerd.io',
    )
  }

  find(kind: string, name: string, near: KubeObject): KubeObject | undefined {
    return this.objects.find((o) => o.kind === kind && o.metadata.name === name && sameNamespace(o, near))
  }

  service(name: string, near: KubeObject): Service | undefined {
    return this.find('Service', name, near) as Service | undefined
  }

  /** The workloads whose pods match a label selector. An empty selector matches all. */
  selected(labels: Record<string, string> = {}, near: KubeObject): Workload[] {
    return this.workloads.filter((workload) => sameNamespace(workload, near) && matches(labels, podLabels(workload)))
  }

  /** The workloads with a port that a Server guards. */
  guarded(server: Server): { workload: Workload; port: number }[] {
    return this.selected(server.spec.podSelector?.matchLabels, server).flatMap((workload) => {
      const port = portNumber(workload, server.spec.port)
      return port === undefined ? [] : [{ workload, port }]
    })
  }
}

const podLabels = (workload: Workload) => workload.spec.template.metadata?.labels ?? {}

export const sameNamespace = (a: KubeObject, b: KubeObject): boolean => a.metadata.namespace === b.metadata.namespace

export const annotationsOf = (object: KubeObject): Record<string, string> => object.metadata.annotations ?? {}

export const podAnnotations = (workload: Workload): Record<string, string> =>
  workload.spec.template.metadata?.annotations ?? {}

export const isMeshed = (workload: Workload): boolean =>
  ['enabled', 'ingress'].includes(podAnnotations(workload)['linkerd.io/inject'] ?? '')

/** The port number that a policy or probe refers to by name: undefined if no container declares it. */
export function portNumber(workload: Workload, port: string | number): number | undefined {
  const declared = workload.spec.template.spec.containers.flatMap(({ ports = [] }) => ports)
  return declared.find(({ name, containerPort }) => name === port || containerPort === port)?.containerPort
}

/** The numbers of the ports on which the kubelet probes a workload. */
export function probedPorts(workload: Workload): number[] {
  return workload.spec.template.spec.containers
    .flatMap(({ startupProbe, livenessProbe, readinessProbe }) => [startupProbe, livenessProbe, readinessProbe])
    .map((probe) => probe?.httpGet?.port ?? probe?.tcpSocket?.port)
    .flatMap((port) => (port === undefined ? [] : [typeof port === 'number' ? port : portNumber(workload, port)]))
    .filter((port) => port !== undefined)
}

/** A route's parents that are Services, in the full form that Linkerd needs. */
export const serviceParents = (route: Route): ParentRef[] => parentsOf(route, 'Service', ['core', ''])

/** A route's parents that are Servers: such routes are for authorization, not for traffic. */
export const serverParents = (route: Route): ParentRef[] => parentsOf(route, 'Server', ['policy.linkerd.io'])

function parentsOf({ spec }: Route, kind: string, groups: string[]): ParentRef[] {
  return (spec.parentRefs ?? []).filter(
    (parent) => parent.kind === kind && parent.group !== undefined && groups.includes(parent.group),
  )
}

const matches = (wanted: NonNullable<Selector['matchLabels']>, labels: Record<string, string>): boolean =>
  Object.entries(wanted).every(([key, value]) => labels[key] === value)
