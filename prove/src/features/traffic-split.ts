import { PROMISES } from '@linkerd-scenario/contract/promises'
import { allSucceed } from '../expectations/call-expectations.ts'
import { proxyCounted, versionOf } from '../expectations/proxy-expectations.ts'
import { shareWithin, versionShare } from '../expectations/share-expectations.ts'
import type { Feature, Steps } from '../feature.ts'
import { HTTP_ROUTE } from './needs.ts'
import { attempts } from './proxy-metrics.ts'

/** As the weights in k8s/features/traffic-split. */
const SHARE = 0.1
/** Distinguishes 10 % from 5 % and from 17 %; detectable-share.ts derives it. */
const CALLS = 1000

/**
 * Version 1 is slow: a split still follows the weights, while a latency-aware balancer does the opposite of this split.
 */
const traffic =
  (n: number): Steps =>
  (namespace) =>
    namespace.observe({ caller: 'consumer-v1' }, async () => ({
      bursts: {
        calls: await namespace.burst('consumer-v1', { n, concurrency: 20, fault: 'delay;ms=50;at="provider/v1"' }),
      },
    }))

export const trafficSplit: Feature = {
  name: 'traffic-split',
  claim: PROMISES['traffic-split'].claim.en,
  needs: [HTTP_ROUTE],
  workloads: { 'consumer-v1': 1, 'provider-v1': 1, 'provider-v2': 1 },
  decides: 'services',
  on: {
    state: 'with the route',
    with: { path: 'features/traffic-split', brings: ['provider-v2'] },
    settle: { steps: traffic(60), until: [allSucceed('calls'), versionShare('calls', 'v1', { least: 0.5 })] },
    steps: traffic(CALLS),
    expect: [
      allSucceed('calls'),
      shareWithin('calls', 'v2', SHARE),
      proxyCounted('caller', attempts('provider-split', 'provider-v1-svc'), versionOf('calls', 'v1')),
      proxyCounted('caller', attempts('provider-split', 'provider-v2-svc'), versionOf('calls', 'v2')),
    ],
  },
  control: {
    state: 'without the route',
    settle: { steps: traffic(60), until: [allSucceed('calls'), versionShare('calls', 'v2', { least: 0.3 })] },
    steps: traffic(CALLS),
    expect: [
      allSucceed('calls'),
      versionShare('calls', 'v2', { least: 0.3 }),
      proxyCounted('caller', attempts('provider-split', 'provider-v2-svc'), 0),
    ],
  },
  hints: [
    'Another route has the same parent: `kubectl get httproutes.gateway.networking.k8s.io -A`.',
    'One of the two backends has no ready pod, and weights hold among those that have: `kubectl get pods -n NAMESPACE -L version`.',
  ],
}
