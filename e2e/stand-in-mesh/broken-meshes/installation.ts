import { allBut, type BrokenMesh } from './broken-mesh.ts'

/** The mesh as a whole, and the namespace it works in. */
export const INSTALLATION: readonly BrokenMesh[] = [
  {
    name: 'the provider has no proxy',
    behaviour: { uninjected: 'provider' },
    denied: [
      'injection',
      'mtls-identity',
      'authorization',
      'per-route-authorization',
      'rate-limiting',
      'golden-metrics',
    ],
    says: /provider-v1/,
  },
  {
    name: 'one of two providers has no proxy',
    behaviour: { uninjected: 'first-provider' },
    denied: [
      'injection',
      'mtls-identity',
      'authorization',
      'per-route-authorization',
      'rate-limiting',
      'golden-metrics',
    ],
    says: /provider-v1/,
  },
  {
    name: 'proxies are there, and traffic passes by them',
    behaviour: { carries: false },
    // Without identities the limit counts all callers as one, and still holds.
    denied: allBut('rate-limiting'),
    says: /0 counted/,
  },
  {
    name: 'proxies forget the policies at every seventh request',
    behaviour: { flaps: 7 },
    denied: [
      'authorization',
      'per-route-authorization',
      'retries',
      'timeouts',
      'rate-limiting',
      'egress',
      'traffic-split',
      'header-routing',
    ],
    says: /stranger|unmeshed/,
  },
  {
    name: 'every 25th call is refused',
    behaviour: { refusesEvery: 25 },
    // A burst to the outside is shorter than that.
    denied: allBut('egress'),
    says: /200/,
  },
  {
    name: 'the controller accepts nothing',
    behaviour: { accepts: false },
    denied: [
      'per-route-authorization',
      'retries',
      'timeouts',
      'rate-limiting',
      'egress',
      'traffic-split',
      'header-routing',
    ],
    says: /accepts/,
  },
  {
    name: 'proxies end before their services',
    behaviour: { diesFirst: true },
    denied: ['rollout', 'slow-requests'],
    says: /200/,
  },
  {
    name: 'the namespace has a default inbound policy of deny',
    behaviour: { defaultInboundPolicy: 'deny' },
    // Only calls that leave the cluster reach no provider.
    denied: allBut('egress'),
    says: /403/,
  },
  {
    name: 'the port of the Service is opaque',
    behaviour: { opaque: true },
    denied: allBut('egress', 'rollout', 'slow-requests'),
    says: /0 counted/,
  },
  {
    name: 'proxies of pods that end cut what takes longer than a second',
    behaviour: { lastCallsMs: 1200 },
    denied: ['slow-requests'],
    says: /200/,
  },
]
