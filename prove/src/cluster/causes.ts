import type { Kubectl } from './kubectl.ts'
import {
  type DeploymentObject,
  idOf,
  isDeployment,
  type KubeObject,
  type List,
  type Meta,
  type PodObject,
} from './kubernetes-types.ts'
import { proxyEnvironment } from './mesh-facts.ts'

/** Objects in the cluster that may hide a feature's effect. */
export interface Surroundings {
  namespace: Meta
  pods: readonly PodWithProxy[]
  services: readonly ServiceObject[]
  servers: readonly ServerObject[]
  routes: readonly RouteObject[]
  /** Names of the routes in our own manifests: several of these may be attached to one Service on purpose. */
  ownRoutes: readonly string[]
  /** ServiceProfiles of the whole cluster: one in the control plane's namespace also applies. */
  profiles: readonly KubeObject[]
}

interface PodWithProxy extends KubeObject {
  spec: PodObject['spec']
}
interface ServiceObject extends KubeObject {
  spec: { ports?: { port: number; appProtocol?: string }[] }
}
interface ServerObject extends KubeObject {
  spec: { port: number | string; proxyProtocol?: string; accessPolicy?: string }
}
interface RouteObject extends KubeObject {
  spec: { parentRefs?: { kind?: string; name: string }[] }
}

const INBOUND_POLICY = 'config.linkerd.io/default-inbound-policy'
const OPAQUE = 'config.linkerd.io/opaque-ports'
const SKIPPED = ['config.linkerd.io/skip-inbound-ports', 'config.linkerd.io/skip-outbound-ports']
/** Values of appProtocol that make a proxy treat traffic as HTTP. */
const HTTP = new Set(['http', 'kubernetes.io/h2c'])

/** One message for each known cause that an object shows, with the object and the field. */
export function causesIn({ namespace, pods, services, servers, routes, ownRoutes, profiles }: Surroundings): string[] {
  const annotated = [
    ...fieldsOf(`Namespace ${namespace.name}`, namespace.annotations),
    ...services.flatMap(({ metadata }) => fieldsOf(`Service ${metadata.name}`, metadata.annotations)),
    ...pods.flatMap(({ metadata }) => fieldsOf(`Pod ${metadata.name}`, metadata.annotations)),
  ]
  return [
    ...annotated,
    ...pods.flatMap(deniesByDefault),
    ...services.flatMap(isOpaque),
    ...servers.flatMap(doesNotSpeakHttp),
    ...foreignRoutes(routes, ownRoutes),
    ...services.flatMap((service) => profileBeside(service, namespace.name, profiles, routes)),
  ]
}

/**
 * Reads the surrounding objects and names the causes. Skips what it has no right to read, and what our own manifests
 * (`applied`) set: controls bypass a proxy on purpose.
 */
export async function findCauses(
  kubectl: Kubectl,
  namespace: string,
  applied: readonly KubeObject[],
): Promise<string[]> {
  const inside = ['-n', namespace]
  const list = async <Item>(args: readonly string[]): Promise<Item[]> => {
    const found = await kubectl.json<List<Item>>(['get', ...args]).catch((): List<Item> => ({ items: [] }))
    return found.items
  }
  const [own, pods, services, servers, routes, profiles] = await Promise.all([
    kubectl.json<KubeObject>(['get', 'namespace', namespace]).catch(() => undefined),
    list<PodWithProxy>(['pods', ...inside]),
    list<ServiceObject>(['services', ...inside]),
    list<ServerObject>(['servers.policy.linkerd.io', ...inside]),
    list<RouteObject>(['httproutes.gateway.networking.k8s.io', ...inside]),
    list<KubeObject>(['serviceprofiles.linkerd.io', '-A']),
  ])
  return causesIn({
    namespace: own?.metadata ?? { name: namespace },
    pods: pods.map((pod) => withoutOurs(pod, templateOf(pod, applied)?.annotations)),
    services: services.map((service) => withoutOurs(service, metadataOf(service, applied)?.annotations)),
    servers,
    routes,
    ownRoutes: applied.filter(({ kind }) => kind === 'HTTPRoute').map(({ metadata }) => metadata.name),
    profiles,
  })
}

function withoutOurs<Item extends KubeObject>(object: Item, ours: Meta['annotations'] = {}): Item {
  const foreign = Object.entries(object.metadata.annotations ?? {}).filter(([name, value]) => ours[name] !== value)
  return { ...object, metadata: { ...object.metadata, annotations: Object.fromEntries(foreign) } }
}

function metadataOf(object: KubeObject, applied: readonly KubeObject[]): Meta | undefined {
  return applied.find((one) => idOf(one) === idOf(object))?.metadata
}

/** The pod template that a pod was made from. */
function templateOf({ metadata }: KubeObject, applied: readonly KubeObject[]): Meta | undefined {
  const isOf = (deployment: DeploymentObject) =>
    Object.entries(deployment.spec.selector.matchLabels).every(([name, value]) => metadata.labels?.[name] === value)
  return applied.filter(isDeployment).find(isOf)?.spec.template.metadata
}

function fieldsOf(object: string, annotations: Meta['annotations'] = {}): string[] {
  const found: string[] = []
  const policy = annotations[INBOUND_POLICY]
  if (policy !== undefined && !isOpen(policy)) {
    found.push(`${object} has ${INBOUND_POLICY}: ${policy}, so proxies refuse calls that no policy allows.`)
  }
  const opaque = annotations[OPAQUE]
  if (opaque !== undefined && opaque !== '') {
    found.push(`${object} has ${OPAQUE}: ${opaque}, so proxies see bytes and no requests on these ports.`)
  }
  for (const name of SKIPPED) {
    const ports = annotations[name]
    if (ports !== undefined && ports !== '') {
      found.push(`${object} has ${name}: ${ports}, so calls on these ports bypass the proxy.`)
    }
  }
  return found
}

/** Read from the proxy as well, because the default comes from the control plane. */
function deniesByDefault({ metadata, spec }: PodWithProxy): string[] {
  const policy = proxyEnvironment(spec).get('LINKERD2_PROXY_INBOUND_DEFAULT_POLICY')
  if (policy === undefined || isOpen(policy) || metadata.annotations?.[INBOUND_POLICY] !== undefined) return []
  return [
    `Pod ${metadata.name} has LINKERD2_PROXY_INBOUND_DEFAULT_POLICY=${policy} in its proxy, so it refuses calls that no policy allows.`,
  ]
}

function isOpen(policy: string): boolean {
  return policy === 'all-unauthenticated' || policy === 'cluster-unauthenticated' || policy === 'audit'
}

function isOpaque({ metadata, spec }: ServiceObject): string[] {
  return (spec.ports ?? [])
    .filter(({ appProtocol }) => appProtocol !== undefined && !HTTP.has(appProtocol.toLowerCase()))
    .map(
      ({ port, appProtocol }) =>
        `Service ${metadata.name} has appProtocol: ${appProtocol} on port ${port}, so proxies see bytes and no requests.`,
    )
}

function doesNotSpeakHttp({ metadata, spec }: ServerObject): string[] {
  const protocol = spec.proxyProtocol
  if (protocol === undefined || /^(unknown|HTTP\/[12]|gRPC)$/.test(protocol)) return []
  return [`Server ${metadata.name} has proxyProtocol: ${protocol} on port ${spec.port}, so proxies see no requests.`]
}

/** Somebody else's route on the same Service: the more specific match wins, then the older route. */
function foreignRoutes(routes: readonly RouteObject[], own: readonly string[]): string[] {
  const byService = new Map<string, string[]>()
  for (const route of routes) {
    for (const name of servicesOf(route)) byService.set(name, [...(byService.get(name) ?? []), route.metadata.name])
  }
  return [...byService]
    .filter(([, names]) => names.length > 1 && names.some((name) => !own.includes(name)))
    .map(([service, names]) => `Service ${service} is the parent of several HTTPRoutes: ${names.join(', ')}.`)
}

/** The Services that a route belongs to. A parent without a kind is a Gateway. */
function servicesOf({ spec }: RouteObject): string[] {
  return (spec.parentRefs ?? []).filter(({ kind }) => kind === 'Service').map(({ name }) => name)
}

function profileBeside(
  { metadata }: ServiceObject,
  namespace: string,
  profiles: readonly KubeObject[],
  routes: readonly RouteObject[],
): string[] {
  const profile = profiles.find(({ metadata: { name } }) => name.startsWith(`${metadata.name}.${namespace}.svc.`))
  if (profile === undefined) return []
  const route = routes.find((one) => servicesOf(one).includes(metadata.name))
  const beside = route === undefined ? '' : ` beside the HTTPRoute ${route.metadata.name}`
  return [
    `ServiceProfile ${profile.metadata.name} in namespace ${profile.metadata.namespace} exists${beside}: with it proxies ignore routes, retries, timeouts and breakers of Service ${metadata.name}.`,
  ]
}
