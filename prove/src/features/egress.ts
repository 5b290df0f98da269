import { PROMISES } from '@linkerd-scenario/contract/promises'
import { allFailWith, latencyWithin, someFailAs } from '../expectations/call-expectations.ts'
import { callsOf, proxyCounted } from '../expectations/proxy-expectations.ts'
import type { Feature, Steps } from '../feature.ts'
import { EGRESS_NETWORK } from './needs.ts'

const DENIALS = {
  family: 'outbound_http_route_request_statuses_total',
  labels: { parent_kind: 'EgressNetwork', parent_name: 'outside', http_status: '403' },
  what: 'calls refused by the EgressNetwork',
}

const outwards =
  (n: number): Steps =>
  (namespace) =>
    namespace.observe({ caller: 'consumer-outside' }, async () => ({
      bursts: { calls: await namespace.burst('consumer-outside', { n, concurrency: n }) },
    }))

const denied = allFailWith('calls', { status: 403, origin: 'mesh', proxy: 'outbound' })
/** The outcome of a call to an unused address depends on who gives up first. */
const unanswered = someFailAs('calls', ['504 mesh', '503 mesh', '502 mesh', 'none network', 'none consumer'], 1)

export const egress: Feature = {
  name: 'egress',
  claim: PROMISES.egress.claim.en,
  needs: [EGRESS_NETWORK],
  // Nobody calls the provider: it only stays for the next feature, instead of ending now and starting again then.
  workloads: { 'consumer-outside': 1, 'provider-v1': 1 },
  decides: 'services',
  on: {
    state: 'with the EgressNetwork',
    with: { path: 'features/egress' },
    settle: { steps: outwards(3), until: [denied] },
    steps: outwards(10),
    expect: [
      denied,
      latencyWithin('calls', 'no call waits for a connection', () => ({ leastMs: 0, mostMs: 900 })),
      proxyCounted('caller', DENIALS, callsOf('calls')),
    ],
  },
  control: {
    state: 'without the EgressNetwork',
    settle: { steps: outwards(3), until: [unanswered] },
    steps: outwards(10),
    expect: [unanswered, proxyCounted('caller', DENIALS, 0)],
  },
  hints: [
    'The network of the EgressNetwork lies inside clusterNetworks: `kubectl get egressnetworks -n NAMESPACE -o yaml`.',
    'Something outside the mesh refuses first, e.g. a NetworkPolicy or the CNI: `kubectl get networkpolicies -A`.',
  ],
}
