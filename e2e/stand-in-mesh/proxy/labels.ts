import type { Authorization } from './policies/authorization.ts'
import type { Route } from './policies/routes.ts'

export type Labels = Record<string, string>

/** A pod in the labels of another proxy. */
export interface PodAddress {
  pod: string
  ip: string
  deployment: string
  hash: string
  account: string
}

/** The source or target of a proxy's requests, in terms of its labels. */
export interface Surroundings {
  namespace: string
  controlPlane: string
  clusterDomain: string
  /** The identity of a ServiceAccount in the namespace. */
  identityOf: (account: string) => string
}

export const targetLabels = (ip: string, port: number): Labels => ({
  target_addr: `${ip}:${port}`,
  target_ip: ip,
  target_port: String(port),
})

/** What the inbound proxy knows about its caller: an identity, or none. */
export const peerLabels = (identity: string | undefined): Labels =>
  identity === undefined
    ? { tls: 'no_identity', no_tls_reason: 'no_tls_from_remote' }
    : { tls: 'true', client_id: identity }

/** The Server and the route that decided on a request. */
export const policyLabels = ({ server, route }: Authorization, port: number): Labels => ({
  srv_group: server.group,
  srv_kind: server.kind,
  srv_name: server.name,
  srv_port: String(port),
  route_group: route.group,
  route_kind: route.kind,
  route_name: route.name,
})

export const authorizationLabels = ({ by }: Authorization): Labels => ({
  authz_group: by.group,
  authz_kind: by.kind,
  authz_name: by.name,
})

/** The pod that the outbound proxy chose. */
export function destinationLabels(
  service: string,
  port: number,
  target: PodAddress & { meshed: boolean },
  { namespace, controlPlane, clusterDomain, identityOf }: Surroundings,
): Labels {
  return {
    direction: 'outbound',
    authority: `${service}.${namespace}.svc.${clusterDomain}:${port}`,
    ...targetLabels(target.ip, port),
    ...(target.meshed
      ? { tls: 'true', server_id: identityOf(target.account), dst_control_plane_ns: controlPlane }
      : { tls: 'no_identity', no_tls_reason: 'not_provided_by_service_discovery' }),
    dst_deployment: target.deployment,
    dst_namespace: namespace,
    dst_pod: target.pod,
    dst_pod_template_hash: target.hash,
    dst_service: service,
    dst_serviceaccount: target.account,
    dst_zone: '',
    dst_zone_locality: 'unknown',
  }
}

/** The parent and the route of an outbound request. */
export const routeLabels = (parent: Labels, { group, kind, name }: Route, namespace: string): Labels => ({
  ...parent,
  route_group: group,
  route_kind: kind,
  route_namespace: kind === 'default' ? '' : namespace,
  route_name: name,
})

/** A Service as the parent of a route (`parent`), or behind one (`backend`). */
export const serviceLabels = (role: 'parent' | 'backend', name: string, namespace: string, port: number): Labels => ({
  [`${role}_group`]: 'core',
  [`${role}_kind`]: 'Service',
  [`${role}_namespace`]: namespace,
  [`${role}_name`]: name,
  [`${role}_port`]: String(port),
  [`${role}_section_name`]: '',
})
