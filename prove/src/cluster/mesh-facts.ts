import type { PodObject } from './kubernetes-types.ts'

/** Names that differ from mesh to mesh, as a proxy of this mesh has them in its own configuration. */
export interface MeshFacts {
  /** Namespace of the control plane; `linkerd` by default. */
  controlPlane: string
  /** End of every identity; `cluster.local` by default. */
  trustDomain: string
  /** End of the names of Services; `cluster.local` by default. */
  clusterDomain: string
  /** Default inbound policy that the proxy started with, e.g. `all-unauthenticated`. */
  defaultInboundPolicy: string | undefined
}

const PROXY = 'linkerd-proxy'
const IDENTITY = /\.serviceaccount\.identity\.([^.]+)\.(.+)$/

/** Reads the facts from an injected pod. undefined for a pod without a proxy, or with one that has no identity. */
export function meshFactsOf({ spec }: PodObject): MeshFacts | undefined {
  const proxy = [...(spec.initContainers ?? []), ...spec.containers].find(({ name }) => name === PROXY)
  const environment = new Map(proxy?.env?.map(({ name, value }) => [name, value ?? '']))
  const [, controlPlane, trustDomain] = IDENTITY.exec(environment.get('LINKERD2_PROXY_IDENTITY_LOCAL_NAME') ?? '') ?? []
  if (controlPlane === undefined || trustDomain === undefined) return undefined
  const [, clusterDomain = trustDomain] =
    /^svc\.(.+?)\.?$/.exec(environment.get('LINKERD2_PROXY_DESTINATION_PROFILE_SUFFIXES') ?? '') ?? []
  return {
    controlPlane,
    trustDomain,
    clusterDomain,
    defaultInboundPolicy: environment.get('LINKERD2_PROXY_INBOUND_DEFAULT_POLICY'),
  }
}

/** The identity of a ServiceAccount, as `l5d-client-id` carries it. */
export function identityOf(account: string, namespace: string, { controlPlane, trustDomain }: MeshFacts): string {
  return `${account}.${namespace}.serviceaccount.identity.${controlPlane}.${trustDomain}`
}
