import { allSucceed, callerIs } from '../engine/call-expectations.ts'
import type { Feature } from '../engine/feature.ts'
import type { Lab } from '../engine/lab.ts'
import { callsOf, proxyCountedAtLeast } from '../engine/proxy-expectations.ts'
import { podsUsed } from '../engine/share-expectations.ts'
import { callsOut } from './counted.ts'

const RATE = 50
/** One connection, kept alive: only what looks into it can spread its requests. */
const ONE_CONNECTION = { concurrency: 1 }
/** Enough at once, each held up the same, that no pod alone is always the best choice. */
const MANY_AT_ONCE = { concurrency: 12, fault: 'delay;ms=20' }

/** Goes on until calls have met all pods, or long enough. */
async function untilUsed(lab: Lab, caller: string, pods: number): Promise<void> {
  const startedAt = lab.clock.now()
  while (lab.clock.now() - startedAt < lab.pace.convergeMs / 4) {
    const { byPod } = await lab.burst(caller, { ...MANY_AT_ONCE, n: 60 })
    if (Object.keys(byPod).length === pods) return
    await lab.clock.sleep(lab.pace.pollMs, lab.signal)
  }
}

const traffic = (lab: Lab, caller: string, action: () => Promise<void>) =>
  lab.trafficDuring(caller, { ...ONE_CONNECTION, rate: RATE, atLeast: RATE }, action)

export const discovery: Feature = {
  name: 'discovery',
  claim: 'The caller’s proxy uses new pods, and forgets pods that go, within a connection and without an error.',
  needs: [],
  workloads: { 'consumer-v1': 1, 'provider-v1': 1, 'consumer-unmeshed': 1 },
  decides: 'services',
  on: {
    state: 'through the proxy, scaling 1 → 3 → 1',
    steps: (lab) =>
      lab.watch({ caller: 'consumer-v1' }, async () => {
        const growing = await traffic(lab, 'consumer-v1', async () => {
          await lab.scale('provider-v1', 3)
          await untilUsed(lab, 'consumer-v1', 3)
        })
        const oneConnection = await lab.burst('consumer-v1', { ...ONE_CONNECTION, n: 100 })
        const grown = await lab.burst('consumer-v1', { ...MANY_AT_ONCE, n: 300 })
        const shrinking = await traffic(lab, 'consumer-v1', () => lab.scale('provider-v1', 1))
        const shrunk = await lab.burst('consumer-v1', { ...MANY_AT_ONCE, n: 60 })
        return { bursts: { growing, oneConnection, grown, shrinking, shrunk } }
      }),
    expect: [
      allSucceed('growing'),
      // Of three pods the two best take turns even when there is never more than one call under way.
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
    steps: (lab) =>
      lab.watch({}, async () => {
        // Traffic goes on, so that the connection stays open: it knows one pod, and goes on with it.
        await traffic(lab, 'consumer-unmeshed', () => lab.scale('provider-v1', 3))
        return { bursts: { oneConnection: await lab.burst('consumer-unmeshed', { ...ONE_CONNECTION, n: 100 }) } }
      }),
    expect: [allSucceed('oneConnection'), podsUsed('oneConnection', 1), callerIs('oneConnection', null)],
  },
  hints: [
    'The Service is headless or the caller uses a pod address: `kubectl get service provider-svc -n NAMESPACE -o yaml`.',
    'See what the control plane tells the proxies: `linkerd diagnostics endpoints provider-svc.NAMESPACE.svc.cluster.local:5000`.',
  ],
}
