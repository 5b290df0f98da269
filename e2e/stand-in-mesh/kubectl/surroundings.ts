import type { HeldUp } from './held-up.ts'

/** What a cluster of the catalogue may refuse. */
export interface Surroundings {
  context: string | undefined
  linkerd: boolean
  /** Version of the control plane. */
  version: string
  /** Rights that are missing, as `verb resource`. */
  forbidden: readonly string[]
  crds: readonly string[]
  /** Cores of the node, e.g. `2` or `1500m`. */
  cores: string
  /** What keeps pods from starting; undefined if nothing does. */
  heldUp: HeldUp | undefined
  /** The API server's error message for `apply`; undefined if it accepts everything. */
  refusesApply: string | undefined
  /** When the API server ends watches, and whether it says that their version has expired; undefined if it never does. */
  watches: { endAfterMs: number; reason: 'closed' | 'expired' } | undefined
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
    'meshtlsauthentications.policy.linkerd.io',
    'httplocalratelimitpolicies.policy.linkerd.io',
    'egressnetworks.policy.linkerd.io',
  ],
  cores: '2',
  heldUp: undefined,
  refusesApply: undefined,
  watches: undefined,
}
