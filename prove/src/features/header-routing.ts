import { PROMISES } from '@linkerd-scenario/contract/promises'
import { allSucceed } from '../expectations/call-expectations.ts'
import { callsOf, proxyCounted } from '../expectations/proxy-expectations.ts'
import { onlyVersion, versionShare } from '../expectations/share-expectations.ts'
import type { Feature, Steps } from '../feature.ts'
import { HTTP_ROUTE } from './needs.ts'
import { attempts } from './proxy-metrics.ts'

/** Version 2 is slow: without the route the balancer avoids it, whatever the header says. */
const fault = 'delay;ms=30;at="provider/v2"'

const traffic =
  (n: number): Steps =>
  (namespace) =>
    namespace.observe({ caller: 'consumer-v1' }, async () => ({
      bursts: {
        'x-route: v2': await namespace.burst('consumer-v1', { n, fault, route: 'v2' }),
        'x-route: v3': await namespace.burst('consumer-v1', { n, fault, route: 'v3' }),
        'no header': await namespace.burst('consumer-v1', { n, fault }),
      },
    }))

const routed = [onlyVersion('x-route: v2', 'v2'), onlyVersion('x-route: v3', 'v1'), onlyVersion('no header', 'v1')]
const answered = [allSucceed('x-route: v2'), allSucceed('x-route: v3'), allSucceed('no header')]
const unrouted = versionShare('x-route: v2', 'v1', { least: 0.3 })

export const headerRouting: Feature = {
  name: 'header-routing',
  claim: PROMISES['header-routing'].claim.en,
  needs: [HTTP_ROUTE],
  workloads: { 'consumer-v1': 1, 'provider-v1': 1, 'provider-v2': 1 },
  decides: 'services',
  on: {
    state: 'with the route',
    with: { path: 'features/header-routing', brings: ['provider-v2'] },
    settle: { steps: traffic(15), until: routed },
    steps: traffic(100),
    expect: [
      ...answered,
      ...routed,
      proxyCounted('caller', attempts('provider-by-header', 'provider-v2-svc'), callsOf('x-route: v2')),
      proxyCounted('caller', attempts('provider-by-header', 'provider-v1-svc'), callsOf('x-route: v3', 'no header')),
    ],
  },
  control: {
    state: 'without the route',
    settle: { steps: traffic(15), until: [unrouted] },
    steps: traffic(100),
    expect: [...answered, unrouted, proxyCounted('caller', attempts('provider-by-header', 'provider-v2-svc'), 0)],
  },
  hints: [
    'Another route has the same parent, and the older one wins: `kubectl get httproutes.gateway.networking.k8s.io -A`.',
    'Something between drops the header x-route: `kubectl logs -n NAMESPACE deploy/provider-v2`.',
  ],
}
