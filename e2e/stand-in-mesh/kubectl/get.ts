import { stringify } from 'yaml'
import type { Applied } from '../proxy/policies/policies.ts'
import type { StandInCluster } from '../stand-in-cluster.ts'
import { eventsOf, refusalOf } from './held-up.ts'
import { podObject } from './pod-object.ts'
import { failed, json, type Result, text } from './result.ts'
import type { Surroundings } from './surroundings.ts'

/** An object as kubectl prints it. */
export interface StoredObject {
  kind: string
  metadata: { name: string; uid?: string; resourceVersion?: string; labels?: Record<string, string> }
}

export interface Get {
  /** Comma-separated resources. */
  what: string
  /** The name of an object, or an option. */
  which: string
  namespace: string
  /** A label, or label and value, joined by `=`. */
  selector: string | undefined
}

/** Answers `kubectl get`. */
export function get(cluster: StandInCluster, surroundings: Surroundings, asked: Get): Result {
  const { what, which, namespace, selector } = asked
  const { controlPlane } = cluster.behaviour
  switch (what) {
    case 'customresourcedefinitions':
      return text(surroundings.crds.map((name) => `${name} v1.2.1\n`).join(''))
    case 'nodes,pods':
      if (surroundings.forbidden.includes('list nodes'))
        return failed('Error from server (Forbidden): nodes is forbidden')
      return text(nodes(surroundings))
    case 'namespace':
      return json(namespaceObject(cluster, which))
    case 'namespaces':
      return json({ items: namesBy(cluster, selector).map((name) => namespaceObject(cluster, name)) })
    case 'deployments':
      if (selector?.startsWith('linkerd.io/')) return json({ items: controlPlaneOf(cluster, surroundings) })
      break
    case 'configmap':
      if (which === 'linkerd-config' && namespace === controlPlane) return json(linkerdConfig(cluster))
      return failed(`Error from server (NotFound): configmaps "${which}" not found`)
  }
  const resources = what.split(',')
  const refusal = refusalToList(surroundings, resources)
  if (refusal !== undefined) return failed(refusal)
  const items = resources.flatMap((resource) => objectsOf(cluster, surroundings, namespace, resource))
  return json({ items: items.filter(({ metadata }) => isSelected(metadata.labels, selector)) })
}

/** Whether an object with these labels matches a selector: `name=value`, or `name` with any value. */
export function isSelected(labels: Readonly<Record<string, string>> = {}, selector = ''): boolean {
  const [name = '', value] = selector.split('=')
  return name === '' || (value === undefined ? labels[name] !== undefined : labels[name] === value)
}

/** kubectl's error message if the cluster lacks one of these kinds, or the user the right to list it. */
export function refusalToList({ crds, forbidden }: Surroundings, resources: readonly string[]): string | undefined {
  for (const resource of resources) {
    const plural = pluralOf(resource)
    const [name, ...group] = plural.split('.')
    const isCustom = group.length > 1
    if (isCustom && !crds.includes(plural)) return `error: the server doesn't have a resource type "${name}"`
    if (forbidden.includes(`list ${plural}`))
      return `Error from server (Forbidden): ${plural} is forbidden: User "jo" cannot list resource "${name}"`
  }
  return undefined
}

/** `httproute.gateway.networking.k8s.io` → `httproutes.gateway.networking.k8s.io` */
function pluralOf(resource: string): string {
  const [name = '', ...group] = resource.split('.')
  return [name.endsWith('s') ? name : `${name.replace(/y$/, 'ie')}s`, ...group].join('.')
}

/** The objects of a resource, e.g. `pods`, with their resource versions. Throws if there is no such namespace. */
export function objectsOf(
  cluster: StandInCluster,
  surroundings: Surroundings,
  namespace: string,
  resource: string,
): StoredObject[] {
  const items = itemsOf(cluster, surroundings, namespace, resource) as StoredObject[]
  return items.map((item) => cluster.versions.of(item))
}

/** The names of the namespaces with a label. */
export function namesBy(cluster: StandInCluster, selector = ''): string[] {
  return [...cluster.namespaces].filter(([, { labels }]) => isSelected(labels, selector)).map(([name]) => name)
}

function itemsOf(
  cluster: StandInCluster,
  { heldUp }: Surroundings,
  namespace: string,
  resource: string,
): (object | Applied)[] {
  if (/^deployments?(\.apps)?$/.test(resource))
    return [...cluster.in(namespace).deployments.values()].map((deployment) => deployment.toObject(refusalOf(heldUp)))
  if (resource === 'events') return eventsOf(heldUp)
  if (resource === 'pods')
    return refusalOf(heldUp) === undefined ? cluster.pods(namespace).map((pod) => podObject(pod, heldUp)) : []
  return cluster
    .objectsOf(namespace, [resource])
    .map((object) => (object.kind === 'Service' ? service(object) : object))
}

/** The one node, in the columns that the prover asks for; its pods are left out. */
function nodes({ cores }: Surroundings): string {
  const none = '<none>'
  return [['Node', 'node', none, none, none, none, cores, '8Gi', '110', none, none, none, none].join('  '), ''].join(
    '\n',
  )
}

function namespaceObject(cluster: StandInCluster, name: string): object {
  const { labels, annotations, isTerminating } = cluster.in(name)
  const deletionTimestamp = isTerminating ? { deletionTimestamp: '2026-01-01T00:00:00Z' } : {}
  return { kind: 'Namespace', metadata: { name, labels, annotations, ...deletionTimestamp } }
}

/** A Service with the fields that the API server adds. */
function service(object: Applied): object {
  const defaults = {
    internalTrafficPolicy: 'Cluster',
    ipFamilies: ['IPv4'],
    ipFamilyPolicy: 'SingleStack',
    sessionAffinity: 'None',
    type: 'ClusterIP',
  }
  return { ...object, spec: { ...defaults, ...object.spec } }
}

function controlPlaneOf(cluster: StandInCluster, { linkerd, version }: Surroundings): object[] {
  const names = linkerd ? ['linkerd-destination', 'linkerd-identity', 'linkerd-proxy-injector'] : []
  const labels = { 'app.kubernetes.io/version': version }
  const namespace = cluster.behaviour.controlPlane
  return names.map((name) => ({
    kind: 'Deployment',
    metadata: { name, labels, namespace },
    status: { readyReplicas: 1 },
  }))
}

function linkerdConfig(cluster: StandInCluster): object {
  const { clusterDomain, controlPlane, proxyAdminPort, trustDomain } = cluster.behaviour
  const values = {
    clusterDomain,
    identityTrustDomain: trustDomain,
    proxy: { defaultInboundPolicy: 'all-unauthenticated', ports: { admin: proxyAdminPort } },
  }
  return {
    kind: 'ConfigMap',
    metadata: { name: 'linkerd-config', namespace: controlPlane },
    data: { values: stringify(values) },
  }
}
