import type { ResourceNeed, VersionNeed } from '../feature.ts'

const GATEWAY_API = 'install the Gateway API, https://gateway-api.sigs.k8s.io/guides/#install-standard-channel'
const LINKERD_CRDS = 'run `linkerd install --crds | kubectl apply -f -`'

export const HTTP_ROUTE: ResourceNeed = { crd: 'httproutes.gateway.networking.k8s.io', from: GATEWAY_API }
export const SERVER: ResourceNeed = { crd: 'servers.policy.linkerd.io', from: LINKERD_CRDS }
export const AUTHORIZATION_POLICY: ResourceNeed = { crd: 'authorizationpolicies.policy.linkerd.io', from: LINKERD_CRDS }
export const RATE_LIMIT: ResourceNeed = { crd: 'httplocalratelimitpolicies.policy.linkerd.io', from: LINKERD_CRDS }
export const EGRESS_NETWORK: ResourceNeed = { crd: 'egressnetworks.policy.linkerd.io', from: LINKERD_CRDS }
/** Older control planes ignore the annotation. */
export const FAILURE_PENALTIES: VersionNeed = {
  since: { edge: 'edge-26.6.2', release: '2.20' },
  what: 'the annotation balancer.alpha.linkerd.io/penalize-failures',
}
