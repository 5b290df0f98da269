import { PROMISES } from '@linkerd-scenario/contract/promises'
import type { TestNamespace } from '../cluster/test-namespace.ts'
import { allSucceed } from '../expectations/call-expectations.ts'
import { callsOf, proxyCounted } from '../expectations/proxy-expectations.ts'
import { podShare, podsUsed } from '../expectations/share-expectations.ts'
import type { Feature, Steps } from '../feature.ts'
import { callsOut } from './proxy-metrics.ts'

const DELAY_MS = 200
const SHARE = 0.15

const traffic =
  (workload: string, n: number): Steps =>
  async (namespace) => {
    const slow = (await namespace.choosePod('provider-v1')).name
    return namespace.observe({ caller: workload }, async () => ({
      // A new connection for each call: keep-alive connections would all stay with the first pod they reached.
      bursts: { calls: await namespace.burst(workload, { n, concurrency: 8, fresh: true }) },
      facts: { 'slow pod': slow },
    }))
  }

const slowDown = async (namespace: TestNamespace) =>
  namespace.setFaults((await namespace.choosePod('provider-v1')).name, `delay;ms=${DELAY_MS}`)

export const loadBalancing: Feature = {
  name: 'load-balancing',
  claim: PROMISES['load-balancing'].claim.en,
  needs: [],
  workloads: { 'consumer-v1': 1, 'provider-v1': 3, 'consumer-bypass': 1 },
  decides: 'services',
  needsQuiet: 'the balancer compares the latencies of pods, which other traffic on their nodes changes',
  on: {
    state: 'through the proxy',
    prepare: slowDown,
    settle: {
      steps: traffic('consumer-v1', 80),
      // A pod that was slow at its first calls is also avoided for some seconds.
      until: [
        allSucceed('calls'),
        podShare('calls', 'slow pod', { most: SHARE }),
        podsUsed('calls', 2, { orMore: true }),
      ],
    },
    steps: traffic('consumer-v1', 400),
    expect: [
      allSucceed('calls'),
      podShare('calls', 'slow pod', { most: SHARE }),
      podsUsed('calls', 2, { orMore: true }),
      proxyCounted('caller', callsOut(), callsOf('calls')),
    ],
  },
  control: {
    state: 'past the proxy (skipped outbound port)',
    steps: traffic('consumer-bypass', 400),
    // A third is expected; 20 % of 400 calls lies 5 standard deviations below it.
    expect: [allSucceed('calls'), podShare('calls', 'slow pod', { least: 0.2 }), proxyCounted('caller', callsOut(), 0)],
  },
  cleanup: async (namespace) => {
    for (const { name } of await namespace.pods('provider-v1')) await namespace.setFaults(name, undefined)
  },
  hints: [
    'The connection is opaque to the proxy, which then balances connections, not requests: `linkerd diagnostics policy -n NAMESPACE svc/provider-svc 5000`.',
    'The control is not random where the cluster network is no plain kube-proxy: `kubectl -n kube-system get pods`.',
  ],
}
