/** What a cluster of the catalogue may refuse. */
export interface Surroundings {
  context: string | undefined
  linkerd: boolean
  /** Version of the control plane. */
  version: string
  /** `verb resource` that are not allowed. */
  forbidden: readonly string[]
  crds: readonly string[]
  /** The image cannot be had. */
  noImage: boolean
}

export const GOOD_SURROUNDINGS: Surroundings = {
  context: 'stand-in',
  linkerd: true,
  version: 'edge-26.8.3',
  forbidden: [],
  crds: [
    'httproutes.gateway.networking.k8s.io',
    'servers.policy.linkerd.io',
    'authorizationpolicies.policy.linkerd.io',
    'httplocalratelimitpolicies.policy.linkerd.io',
    'egressnetworks.policy.linkerd.io',
  ],
  noImage: false,
}
