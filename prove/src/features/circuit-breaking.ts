import { PROMISES } from '@linkerd-scenario/contract/promises'
import type { TestNamespace } from '../cluster/test-namespace.ts'
import { failAtMost, someFailAs } from '../expectations/call-expectations.ts'
import { factAtLeast, factIs } from '../expectations/fact-expectations.ts'
import { sumOf } from '../expectations/observation.ts'
import { podShare } from '../expectations/share-expectations.ts'
import type { Feature, Steps } from '../feature.ts'

const CALLS = 300
/** When the penalty is over, one call probes the pod: this may happen during the measured run. */
const PROBES = 1
const OUT = 'endpoints taken out'

const OTHERS_MS = 40
const AT_ONCE = { concurrency: 16 }

/**
 * One pod fails at once, and the others are slow, so that a latency-aware balancer prefers the failing pod. Otherwise a
 * pod whose first call was slow would be avoided for that reason and never fail often enough to trip the breaker.
 */
async function fault(namespace: TestNamespace): Promise<void> {
  const sick = await namespace.choosePod('provider-v1')
  for (const { name } of await namespace.pods('provider-v1')) {
    await namespace.setFaults(name, name === sick.name ? 'status;code=503' : `delay;ms=${OTHERS_MS}`)
  }
}

const untilTripped: Steps = (namespace) =>
  namespace.observe({}, async () => ({
    bursts: { calls: await namespace.burst('consumer-v1', { n: 60, ...AT_ONCE }) },
    facts: { 'failing pod': (await namespace.choosePod('provider-v1')).name, [OUT]: await takenOut(namespace) },
  }))

/**
 * Endpoints that the caller's proxy keeps out. Read it right after calls: between the end of the penalty and the next
 * call to the pod, the proxy does not count the pod. After that call it counts again.
 */
async function takenOut(namespace: TestNamespace): Promise<number> {
  const { name } = await namespace.choosePod('consumer-v1')
  const read = async () =>
    sumOf((await namespace.counters(name)) ?? [], 'outbound_http_balancer_endpoints', {
      endpoint_state: 'pending',
      parent_name: 'provider-svc',
    })
  const out = await read()
  if (out > 0) return out
  await namespace.burst('consumer-v1', { n: 40, ...AT_ONCE })
  return read()
}

const traffic: Steps = async (namespace) => {
  const sick = (await namespace.choosePod('provider-v1')).name
  return namespace.observe({ caller: 'consumer-v1' }, async () => {
    // Reading the proxies took some time: if the probe is due by now, this call absorbs it.
    await namespace.burst('consumer-v1', { n: 40, ...AT_ONCE })
    const calls = await namespace.burst('consumer-v1', { n: CALLS, ...AT_ONCE })
    return { bursts: { calls }, facts: { 'failing pod': sick, [OUT]: await takenOut(namespace) } }
  })
}

/** Heals the pod, and waits until it gets calls again, at most for the longest penalty. */
async function heal(namespace: TestNamespace, pod: string): Promise<boolean> {
  await namespace.setFaults(pod, undefined)
  const startedAt = namespace.clock.now()
  do {
    const { byPod, byStatus, total } = await namespace.burst('consumer-v1', { n: 40, ...AT_ONCE })
    if ((byPod[pod] ?? 0) > 0 && byStatus['200'] === total) return true
    await namespace.clock.sleep(namespace.pace.pollMs, namespace.signal)
  } while (namespace.clock.now() - startedAt < namespace.pace.penaltyMs)
  return false
}

const trafficAndHeal: Steps = async (namespace) => {
  const observation = await traffic(namespace)
  const sick = String(observation.facts['failing pod'])
  const healed = await namespace.observe({}, async () => ({ facts: { returned: await heal(namespace, sick) } }))
  return { ...observation, facts: { ...observation.facts, ...healed.facts } }
}

const counted = factAtLeast(OUT, 1, "the caller's proxy counts an endpoint as taken out", 'proxies')

export const circuitBreaking: Feature = {
  name: 'circuit-breaking',
  claim: PROMISES['circuit-breaking'].claim.en,
  needs: [],
  workloads: { 'consumer-v1': 1, 'provider-v1': 3 },
  decides: 'services',
  on: {
    state: 'with the breaker',
    with: { path: 'features/circuit-breaking' },
    prepare: fault,
    settle: {
      steps: untilTripped,
      until: [failAtMost('calls', 0, 'no call fails'), podShare('calls', 'failing pod', { most: 0 }), counted],
    },
    steps: trafficAndHeal,
    expect: [
      failAtMost('calls', PROBES, `of ${CALLS} calls after the trip none fails but a probe`),
      podShare('calls', 'failing pod', { most: PROBES / CALLS }),
      factIs('returned', true, 'the pod gets traffic again once it is healed', 'services'),
      counted,
    ],
  },
  control: {
    state: 'without the breaker',
    prepare: fault,
    settle: { steps: untilTripped, until: [someFailAs('calls', ['503 provider'], 0.02)] },
    steps: traffic,
    expect: [someFailAs('calls', ['503 provider'], 0.02), podShare('calls', 'failing pod', { least: 0.02 })],
  },
  cleanup: async (namespace) => {
    for (const { name } of await namespace.pods('provider-v1')) await namespace.setFaults(name, undefined)
  },
  hints: [
    'An annotation was not understood, and then the whole breaker is off: `linkerd diagnostics policy -n NAMESPACE svc/provider-svc 5000 -o json`.',
    'A ServiceProfile of the Service switches the breaker off: `kubectl get serviceprofiles -A`.',
  ],
}
