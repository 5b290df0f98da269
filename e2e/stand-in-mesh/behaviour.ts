/**
 * What a stand-in mesh does, as data: each broken mesh in the catalogue changes one of these. The values below are
 * those of a mesh that keeps its promises.
 */
export const HONEST = {
  /** Deployments whose pods get no proxy; `first` means only the first pod. */
  uninjected: 'none' as 'none' | 'all' | 'provider' | 'first-provider',
  /** Whether outbound traffic goes through an existing proxy. */
  carries: true,
  identity: 'set' as 'set' | 'missing' | 'forgeable' | 'swapped',
  authorization: 'as-told' as
    | 'as-told'
    | 'open'
    | 'closed'
    | 'any-meshed'
    | 'hangs-up'
    | 'from-the-app'
    | 'on-any-route',
  /** `config.linkerd.io/default-inbound-policy` of the namespace. */
  defaultInboundPolicy: 'all-unauthenticated' as 'all-unauthenticated' | 'deny',
  /** Whether the provider's Service lists its port in `config.linkerd.io/opaque-ports`. */
  opaque: false,
  split: 'as-told' as 'as-told' | 'ignored' | 'reversed' | 'even',
  headers: 'as-told' as 'as-told' | 'ignored' | 'any-value' | 'all-to-v2',
  retries: 'as-told' as 'as-told' | 'never' | 'unlimited' | 'any-status' | 'uncounted',
  timeouts: 'as-told' as 'as-told' | 'never' | 'late' | 'always-on' | 'wrong-status',
  breaker: 'as-told' as 'as-told' | 'never-trips' | 'never-recovers',
  rateLimit: 'as-told' as 'as-told' | 'never' | 'double' | 'tenth' | 'uncounted',
  /** Whether failures count as slow answers if a Service asks for it. */
  penalties: 'as-told' as 'as-told' | 'never',
  balancing: 'latency' as 'latency' | 'random',
  discovery: 'live' as 'live' | 'knows-no-new-pods',
  egress: 'as-told' as 'as-told' | 'never' | 'always-on' | 'hangs',
  /** Factor on every counter. */
  counts: 1,
  /** Factor on latencies in the metrics. */
  latencyCounts: 1,
  /** Whether the admin port of proxies answers. */
  tellsMetrics: true,
  /** A kind of policy that stays in effect after it was deleted. */
  neverForgets: 'none' as 'none' | 'EgressNetwork',
  /** Whether the controller writes that it accepted a route. */
  accepts: true,
  /** Every Nth request meets a proxy that has no policies; 0 means never. */
  flaps: 0,
  /** The caller's proxy refuses every Nth request with 503; 0 means never. */
  refusesEvery: 0,
  /** Names that an installation of the mesh can choose; these are the defaults. */
  controlPlane: 'linkerd',
  trustDomain: 'cluster.local',
  clusterDomain: 'cluster.local',
  proxyAdminPort: 4191,
  /** Consumers' proxies exit when the pod is told to end, before the service has drained. */
  diesFirst: false,
  /** How long the proxy of a pod that was told to end carries requests in flight, in ms. */
  lastCallsMs: Number.POSITIVE_INFINITY,
  /** Providers that were told to end get no processor time, and shed load: the node's fault, not the mesh's. */
  holdsUpEnding: false,
}
export type Behaviour = typeof HONEST
