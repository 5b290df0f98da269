import type { Need } from '../feature.ts'

const GATEWAY_API = 'install the Gateway API, https://gateway-api.sigs.k8s.io/guides/#install-standard-channel'
const LINKERD_CRDS = 'run `linkerd install --crds | kubectl apply -f -`'

export const HTTP_ROUTE: Need = { crd: 'httproutes.gateway.networking.k8s.io', from: GATEWAY_API }
export const SERVER: Need = { crd: 'servers.policy.linkerd.io', from: LINKERD_CRDS }
export const AUTHORIZATION_POLICY: Need = { crd: 'authorizationpolicies.policy.linkerd.io', from: LINKERD_CRDS }
export const RATE_LIMIT: Need = { crd: 'httplocalratelimitpolicies.policy.linkerd.io', from: LINKERD_CRDS }
export const EGRESS_NETWORK: Need = { crd: 'egressnetworks.policy.linkerd.io', from: LINKERD_CRDS }
