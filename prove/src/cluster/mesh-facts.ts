import type { PodObject } from './kubernetes-types.ts'

/** Names that differ between meshes, read from the configuration of one of this mesh's proxies. */
export interface MeshFacts {
  /** Namespace of the control plane; `linkerd` by default. */
  controlPlane: string
  /** Suffix of every identity; `cluster.local` by default. */
  trustDomain: string
  /** Suffix of Service names; `cluster.local` by default. */
  clusterDomain: string
}

/** Name of the proxy's container. */
export const PROXY = 'linkerd-proxy'
const IDENTITY = /\.serviceaccount\.identity\.([^.]+)\.(.+)$/

/** Reads the facts from an injected pod. undefined if the pod has no proxy or the proxy has no identity. */
export function meshFactsOf({ spec }: PodObject): MeshFacts | undefined {
  const environment = proxyEnvironment(spec)
  const [, controlPlane, trustDomain] = IDENTITY.exec(environment.get('LINKERD2_PROXY_IDENTITY_LOCAL_NAME') ?? '') ?? []
  if (controlPlane === undefined || trustDomain === undefined) return undefined
  const [, clusterDomain = trustDomain] =
    /^svc\.(.+?)\.?$/.exec(environment.get('LINKERD2_PROXY_DESTINATION_PROFILE_SUFFIXES') ?? '') ?? []
  return { controlPlane, trustDomain, clusterDomain }
}

/** The variables of a pod's proxy, without those that have no value of their own; empty if the pod has no proxy. */
export function proxyEnvironment({ initContainers = [], containers }: PodObject['spec']): ReadonlyMap<string, string> {
  const proxy = [...initContainers, ...containers].find(({ name }) => name === PROXY)
  return new Map(proxy?.env?.flatMap(({ name, value }) => (value === undefined ? [] : [[name, value]])))
}

/** The identity of a ServiceAccount, as in the `l5d-client-id` header. */
export function identityOf(account: string, namespace: string, { controlPlane, trustDomain }: MeshFacts): string {
  return `${account}.${namespace}.serviceaccount.identity.${controlPlane}.${trustDomain}`
}
