import { allSucceed, callerIs, podsUsed } from '../engine/expectations.ts'
import type { Feature } from '../engine/feature.ts'
import type { Lab } from '../engine/lab.ts'
import { callsOf, proxyCountedAtLeast } from '../engine/proxy-expectations.ts'
import { callsOut } from './counted.ts'

const RATE = 50
/** One connection, kept alive: only what looks into it can spread its requests. */
const ONE_CONNECTION = { concurrency: 1 }

/** Goes on until the calls of one connection have met all pods, or long enough. */
async function untilUsed(lab: Lab, caller: string, pods: number): Promise<void> {
  const startedAt = lab.clock.now()
  while (lab.clock.now() - startedAt < lab.pace.convergeMs / 4) {
    const { byPod } = await lab.burst(caller, { ...ONE_CONNECTION, n: 60 })
    if (Object.keys(byPod).length === pods) return
    await lab.clock.sleep(lab.pace.pollMs, lab.signal)
  }
}

async function grow(lab: Lab, caller: string, isWaiting: boolean) {
  const growing = await lab.trafficDuring(caller, { ...ONE_CONNECTION, rate: RATE, atLeast: RATE }, async () => {
    await lab.scale('provider-v1', 3)
    if (isWaiting) await untilUsed(lab, caller, 3)
  })
  return { growing, grown: await lab.burst(caller, { ...ONE_CONNECTION, n: 300 }) }
}

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
        const { growing, grown } = await grow(lab, 'consumer-v1', true)
        const shrinking = await lab.trafficDuring('consumer-v1', { ...ONE_CONNECTION, rate: RATE, atLeast: RATE }, () =>
          lab.scale('provider-v1', 1),
        )
        const shrunk = await lab.burst('consumer-v1', { ...ONE_CONNECTION, n: 60 })
        return { bursts: { growing, grown, shrinking, shrunk } }
      }),
    expect: [
      allSucceed('growing'),
      allSucceed('grown'),
      podsUsed('grown', 3),
      allSucceed('shrinking'),
      allSucceed('shrunk'),
      podsUsed('shrunk', 1),
      proxyCountedAtLeast('caller', callsOut(), callsOf('growing', 'grown', 'shrinking', 'shrunk')),
    ],
  },
  control: {
    state: 'without a proxy',
    prepare: (lab) => lab.scale('provider-v1', 1),
    steps: (lab) => lab.watch({}, async () => ({ bursts: await grow(lab, 'consumer-unmeshed', false) })),
    expect: [allSucceed('grown'), podsUsed('grown', 1), callerIs('grown', null)],
  },
  hints: [
    'The Service is headless or the caller uses a pod address: `kubectl get service provider-svc -n NAMESPACE -o yaml`.',
    'See what the control plane tells the proxies: `linkerd diagnostics endpoints provider-svc.NAMESPACE.svc.cluster.local:5000`.',
  ],
}
