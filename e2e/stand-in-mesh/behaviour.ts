/**
 * What a stand-in mesh does, as data: each entry of the catalogue of broken meshes changes one of these. The values
 * below are a mesh that keeps its promises.
 */
export const HONEST = {
  /** Deployments of which pods get no proxy; `first` leaves out the first pod alone. */
  uninjected: 'none' as 'none' | 'all' | 'provider' | 'first-provider',
  /** Whether outbound traffic goes through the proxy that is there. */
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
  /** Whether the Service of the provider has its port among `config.linkerd.io/opaque-ports`. */
  opaque: false,
  split: 'as-told' as 'as-told' | 'ignored' | 'reversed' | 'even',
  headers: 'as-told' as 'as-told' | 'ignored' | 'any-value' | 'all-to-v2',
  retries: 'as-told' as 'as-told' | 'never' | 'unlimited' | 'any-status' | 'uncounted',
  timeouts: 'as-told' as 'as-told' | 'never' | 'late' | 'always-on' | 'wrong-status',
  breaker: 'as-told' as 'as-told' | 'never-trips' | 'never-recovers',
  rateLimit: 'as-told' as 'as-told' | 'never' | 'double' | 'tenth' | 'uncounted',
  /** Whether failures count as slow answers where a Service asks for it. */
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
  /** A kind of policy that stays in force when it was deleted. */
  neverForgets: 'none' as 'none' | 'EgressNetwork',
  /** Whether the controller writes that it accepted a route. */
  accepts: true,
  /** Every Nth request meets a proxy that has no policies; 0: none does. */
  flaps: 0,
  /** Every Nth request is refused with 503 by the caller's proxy; 0: none is. */
  refusesEvery: 0,
  /** Names that an installation of the mesh chooses; these are the defaults. */
  controlPlane: 'linkerd',
  trustDomain: 'cluster.local',
  clusterDomain: 'cluster.local',
  proxyAdminPort: 4191,
  /** Proxies of consumers end when the pod is told to, before the service has drained. */
  diesFirst: false,
  /** How long the proxy of a pod that was told to end carries what is under way, in ms. */
  lastCallsMs: Number.POSITIVE_INFINITY,
}
export type Behaviour = typeof HONEST
