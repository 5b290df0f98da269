import { PROMISES } from '@linkerd-scenario/contract/promises'
import type { TestNamespace } from '../cluster/test-namespace.ts'
import { allSucceed, callerIs } from '../expectations/call-expectations.ts'
import { callsOf, proxyCountedAtLeast } from '../expectations/proxy-expectations.ts'
import { podsUsed } from '../expectations/share-expectations.ts'
import type { Feature } from '../feature.ts'
import { callsOut } from './proxy-metrics.ts'

const RATE = 50
/** One keep-alive connection: only a proxy that reads HTTP can spread its requests. */
const ONE_CONNECTION = { concurrency: 1 }
/** Concurrent calls with equal delays, enough that no single pod is always the best choice. */
const MANY_AT_ONCE = { concurrency: 12, fault: 'delay;ms=20' }

/** Continues until the calls have reached all pods, or until a limit. */
async function untilUsed(namespace: TestNamespace, caller: string, pods: number): Promise<void> {
  const startedAt = namespace.clock.now()
  while (namespace.clock.now() - startedAt < namespace.pace.convergeMs / 4) {
    const { byPod } = await namespace.burst(caller, { ...MANY_AT_ONCE, n: 60 })
    if (Object.keys(byPod).length === pods) return
    await namespace.clock.sleep(namespace.pace.pollMs, namespace.signal)
  }
}

const traffic = (namespace: TestNamespace, caller: string, action: () => Promise<void>) =>
  namespace.trafficDuring(caller, { ...ONE_CONNECTION, rate: RATE, atLeast: RATE }, action)

export const discovery: Feature = {
  name: 'discovery',
  claim: PROMISES.discovery.claim.en,
  needs: [],
  workloads: { 'consumer-v1': 1, 'provider-v1': 1, 'consumer-unmeshed': 1 },
  decides: 'services',
  on: {
    state: 'through the proxy, scaling 1 → 3 → 1',
    steps: (namespace) =>
      namespace.observe({ caller: 'consumer-v1' }, async () => {
        const growing = await traffic(namespace, 'consumer-v1', async () => {
          await namespace.scale('provider-v1', 3)
          await untilUsed(namespace, 'consumer-v1', 3)
        })
        const oneConnection = await namespace.burst('consumer-v1', { ...ONE_CONNECTION, n: 100 })
        const grown = await namespace.burst('consumer-v1', { ...MANY_AT_ONCE, n: 300 })
        const shrinking = await traffic(namespace, 'consumer-v1', () => namespace.scale('provider-v1', 1))
        const shrunk = await namespace.burst('consumer-v1', { ...MANY_AT_ONCE, n: 60 })
        return { bursts: { growing, oneConnection, grown, shrinking, shrunk } }
      }),
    expect: [
      allSucceed('growing'),
      // With three pods, the two best alternate even when there is never more than one call in flight.
      podsUsed('oneConnection', 2, { orMore: true }),
      allSucceed('grown'),
      podsUsed('grown', 3),
      allSucceed('shrinking'),
      allSucceed('shrunk'),
      podsUsed('shrunk', 1),
      proxyCountedAtLeast('caller', callsOut(), callsOf('growing', 'oneConnection', 'grown', 'shrinking', 'shrunk')),
    ],
  },
  control: {
    state: 'without a proxy, scaling 1 → 3',
    steps: (namespace) =>
      namespace.observe({}, async () => {
        // The traffic continues, so that the connection stays open: it stays with the one pod it knows.
        await traffic(namespace, 'consumer-unmeshed', () => namespace.scale('provider-v1', 3))
        return { bursts: { oneConnection: await namespace.burst('consumer-unmeshed', { ...ONE_CONNECTION, n: 100 }) } }
      }),
    expect: [allSucceed('oneConnection'), podsUsed('oneConnection', 1), callerIs('oneConnection', null)],
  },
  hints: [
    'The Service is headless or the caller uses a pod address: `kubectl get service provider-svc -n NAMESPACE -o yaml`.',
    'See what the control plane tells the proxies: `linkerd diagnostics endpoints provider-svc.NAMESPACE.svc.CLUSTER_DOMAIN:5000`.',
  ],
}
