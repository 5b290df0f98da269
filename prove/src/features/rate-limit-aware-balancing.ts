import { PROMISES } from '@linkerd-scenario/contract/promises'
import type { TestNamespace } from '../cluster/test-namespace.ts'
import { failOnlyAs, someFailAs } from '../expectations/call-expectations.ts'
import { callsOf, proxyCounted } from '../expectations/proxy-expectations.ts'
import { podShare, podsUsed } from '../expectations/share-expectations.ts'
import type { Feature, Steps } from '../feature.ts'
import { FAILURE_PENALTIES } from './needs.ts'
import { callsOut } from './proxy-metrics.ts'

const CALLS = 400
const SETTLING_CALLS = 80
/** The refusing pod's share: an even share is one third, and the fastest of three pods is chosen for two thirds. */
const FEW = 0.05
const ATTRACTED = 0.45

/** Slow enough that refusals are by far the fastest answers. */
const OTHERS_MS = 40
/** At most Linkerd's own penalty of 5 s, so that the mesh forgets it just as quickly. */
const REFUSAL = 'status;code=429;retry-after=5'

/** One pod refuses at once; the others are slow. */
async function fault(namespace: TestNamespace): Promise<void> {
  const refusing = await namespace.choosePod('provider-v1')
  for (const { name } of await namespace.pods('provider-v1')) {
    await namespace.setFaults(name, name === refusing.name ? REFUSAL : `delay;ms=${OTHERS_MS}`)
  }
}

const traffic =
  (n: number): Steps =>
  async (namespace) => {
    const refusing = (await namespace.choosePod('provider-v1')).name
    return namespace.observe({ caller: 'consumer-v1' }, async () => ({
      bursts: { calls: await namespace.burst('consumer-v1', { n, concurrency: 8 }) },
      facts: { 'refusing pod': refusing },
    }))
  }

const shunned = [
  podShare('calls', 'refusing pod', { most: FEW }),
  failOnlyAs('calls', ['429 provider']),
  podsUsed('calls', 2, { orMore: true }),
]
const attracted = [
  podShare('calls', 'refusing pod', { least: ATTRACTED }),
  someFailAs('calls', ['429 provider'], ATTRACTED),
]
const counted = proxyCounted('caller', callsOut(), callsOf('calls'))

export const rateLimitAwareBalancing: Feature = {
  name: 'rate-limit-aware-balancing',
  claim: PROMISES['rate-limit-aware-balancing'].claim.en,
  needs: [FAILURE_PENALTIES],
  workloads: { 'consumer-v1': 1, 'provider-v1': 3 },
  decides: 'services',
  on: {
    state: 'with penalties for failures',
    with: { path: 'features/rate-limit-aware-balancing' },
    prepare: fault,
    settle: { steps: traffic(SETTLING_CALLS), until: shunned },
    steps: traffic(CALLS),
    expect: [...shunned, counted],
  },
  control: {
    state: 'without penalties',
    prepare: fault,
    settle: { steps: traffic(SETTLING_CALLS), until: attracted },
    steps: traffic(CALLS),
    expect: [...attracted, counted],
  },
  cleanup: async (namespace) => {
    for (const { name } of await namespace.pods('provider-v1')) await namespace.setFaults(name, undefined)
  },
  hints: [
    'The annotation is experimental and has to stand on the Service that callers name: `linkerd diagnostics policy -n NAMESPACE svc/provider-svc 5000 -o json`.',
    'A ServiceProfile of the Service takes the place of its annotations: `kubectl get serviceprofiles.linkerd.io -A`.',
  ],
}
