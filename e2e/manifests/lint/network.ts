import { BlockList, isIPv6 } from 'node:net'
import { isMeshed, portNumber, sameNamespace } from './manifest-set.ts'
import type { EgressNetwork, NetworkPolicy, Route } from './model.ts'
import { faults, rule } from './rule.ts'

const INBOUND_PROXY = 4143
// The networks that Linkerd treats as inside the cluster unless it was installed with others.
const CLUSTER_NETWORKS = ['10.0.0.0/8', '100.64.0.0/10', '172.16.0.0/12', '192.168.0.0/16', 'fd00::/8']

/** Traffic that leaves the cluster, and the network's own policies. */
export const network = [
  rule('egress-parent-port', 'A route on an EgressNetwork is refused without a port.', (set) =>
    faults(set.ofKind<Route>('HTTPRoute', 'TLSRoute', 'TCPRoute'), ({ spec }) => {
      const bare = (spec.parentRefs ?? []).find(({ kind, port }) => kind === 'EgressNetwork' && port === undefined)
      return bare && `parent ${bare.name} has no port`
    }),
  ),
  rule(
    'egress-near-callers',
    'An EgressNetwork holds for the callers of its own namespace, or for all in linkerd-egress.',
    (set) =>
      faults(set.ofKind<EgressNetwork>('EgressNetwork'), (egress) => {
        const callers = set.workloads.some((workload) => isMeshed(workload) && sameNamespace(workload, egress))
        return !callers && egress.metadata.namespace !== 'linkerd-egress' && 'is in a namespace without callers'
      }),
  ),
  rule('egress-outside', 'Networks that reach into the cluster make the EgressNetwork invalid.', (set) =>
    faults(set.ofKind<EgressNetwork>('EgressNetwork'), ({ spec }) => {
      const inside = (spec.networks ?? []).find(({ cidr }) => CLUSTER_NETWORKS.some((other) => overlap(cidr, other)))
      return inside && `${inside.cidr} is inside the cluster`
    }),
  ),
  rule('policy-lets-proxy-in', 'Callers in the mesh connect to 4143, whatever port the service listens on.', (set) =>
    faults(set.ofKind<NetworkPolicy>('NetworkPolicy'), (policy) => {
      const pods = set.selected(policy.spec.podSelector?.matchLabels, policy)
      const ports = (policy.spec.ingress ?? []).flatMap((ingress) => ingress.ports ?? []).map(({ port }) => port)
      const service = ports.find((port) => port !== undefined && pods.some((pod) => portNumber(pod, port)))
      return service !== undefined && !ports.includes(INBOUND_PROXY) && `lets in ${service} but not ${INBOUND_PROXY}`
    }),
  ),
]

// Two networks overlap if one contains the other's first address.
function overlap(a: string, b: string): boolean {
  return contains(a, b) || contains(b, a)
}

function contains(outer: string, inner: string): boolean {
  const [address = '', bits = ''] = outer.split('/')
  const [first = ''] = inner.split('/')
  const list = new BlockList()
  list.addSubnet(address, Number(bits), isIPv6(address) ? 'ipv6' : 'ipv4')
  return isIPv6(address) === isIPv6(first) && list.check(first, isIPv6(first) ? 'ipv6' : 'ipv4')
}
