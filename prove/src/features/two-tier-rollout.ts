import type { BurstReport } from '@linkerd-scenario/contract'
import type { Component } from '../cluster/component.ts'
import { CLUSTER_PACE } from '../cluster/pace.ts'
import type { TestNamespace, TrafficRequest } from '../cluster/test-namespace.ts'
import { areGivenUp, haveFailed, lateCalls } from '../expectations/late-calls.ts'
import type { Feature, Phase } from '../feature.ts'
import { untilForgotten } from './killed-pods.ts'

const TIERS = ['provider-v1', 'consumer-v1']
/** Pods with it end without a drain. It takes effect on a pod from its start. */
const INSTANT_KILL: Component = { path: 'components/instant-kill' }
/** Quick calls that take this long are late, ms: they are told to wait for two thirds of it, or for half. */
const LATE_MS = 1.5 * CLUSTER_PACE.rollout.delayMs
const VERY_LATE_MS = 2 * CLUSTER_PACE.rollout.delayMs

/** What the features of a rollout have in common: they are measured together, and each is judged by its own calls. */
export const TWO_TIERS: Pick<Feature, 'together' | 'needs' | 'workloads' | 'decides' | 'shortOfTime' | 'cleanup'> = {
  together: 'a rollout of both tiers',
  needs: [],
  workloads: { 'consumer-v1': 2, 'provider-v1': 2, 'consumer-edge': 1 },
  decides: 'services',
  shortOfTime: (observation) => {
    // A mesh that loses calls does not leave them to the caller's own deadline.
    if (areGivenUp(observation)) return lateCalls(observation, 'calls', LATE_MS)
    // Nor does it make all others wait: a pod that is held up so long cannot end in its grace period.
    return haveFailed(observation) ? lateCalls(observation, 'calls', VERY_LATE_MS) : undefined
  },
  cleanup: untilForgotten,
}

/** Pods of the base are replaced by pods with `instant-kill`: how a pod ends does not depend on what follows it. */
export const DRAINED: Omit<Phase, 'expect'> = {
  state: 'with readiness and drain',
  steps: (namespace) =>
    replaceUnderTraffic(namespace, {
      to: INSTANT_KILL,
      atLeast: namespace.pace.rollout.calls,
      // The control needs them, and they start while the last slow calls are under way.
      afterwards: () => scaleBoth(namespace, 2),
    }),
}

/** Pods with `instant-kill` are replaced by pods of the base. */
export const KILLED: Omit<Phase, 'expect'> = {
  state: 'without a drain, pods killed at once',
  with: INSTANT_KILL,
  steps: (namespace) =>
    replaceUnderTraffic(namespace, { from: INSTANT_KILL, atLeast: namespace.pace.rollout.controlCalls }),
}

interface Replacement {
  /** What the pods are made from that are replaced; undefined: the base alone. */
  from?: Component
  /** What the new pods are made from; undefined: the base alone. */
  to?: Component
  /** Quick calls to make at least. */
  atLeast: number
  /** Done once the pods are replaced. */
  afterwards?: () => Promise<void>
}

/**
 * Quick and slow calls edge → consumer → provider at constant rates, while both tiers are scaled from two pods to one
 * and all of them are replaced. Calls are delayed, so that each pod has some in flight when it ends.
 */
function replaceUnderTraffic(namespace: TestNamespace, { from, to, atLeast, afterwards }: Replacement) {
  const { rollout, slowRequests } = namespace.pace
  return namespace.observe({ caller: 'consumer-edge' }, async () => {
    await startAgain(namespace, from)
    const before = new Set(await podsOf(namespace))
    const replaced = namespace.clock.sleep(slowRequests.leadMs, namespace.signal).then(() => replaceAll(namespace, to))
    const during = (request: TrafficRequest) =>
      namespace.trafficDuring('consumer-edge', { concurrency: 64, ...request }, async () => void (await replaced))
    const quick = during({ rate: rollout.ratePerS, fault: delayed(rollout.delayMs), atLeast })
    const slow = during({
      rate: slowRequests.ratePerS,
      burstS: slowRequests.burstS,
      burstsAtOnce: Math.ceil(slowRequests.delayMs / 1000 / slowRequests.burstS) + 1,
      fault: delayed(slowRequests.delayMs),
      atLeast: slowRequests.calls,
    })
    const all = [quick, slow, replaced, replaced.then(afterwards)] as const
    // Also when something broke off: what still goes on would disturb an observation that is repeated.
    await Promise.allSettled(all)
    const [calls, slowCalls, after] = await Promise.all(all)
    return {
      bursts: { calls, slowCalls },
      facts: {
        enough: calls.total >= atLeast,
        slow: areSlow(slowCalls, slowRequests.delayMs),
        podsKept: after.filter((uid) => before.has(uid)).length,
        podsLeft: after.length,
      },
    }
  })
}

/** Two pods of each tier, as before: also if a measurement that broke off begins anew. */
async function startAgain(namespace: TestNamespace, component: Component | undefined): Promise<void> {
  await namespace.compose(component, TIERS)
  await scaleBoth(namespace, 2)
}

/** Returns the uids of the pods that are there in the end. */
async function replaceAll(namespace: TestNamespace, component: Component | undefined): Promise<string[]> {
  await Promise.all([scaleBoth(namespace, 1), namespace.compose(component, TIERS)])
  return podsOf(namespace)
}

async function scaleBoth(namespace: TestNamespace, replicas: number): Promise<void> {
  await Promise.all(TIERS.map((workload) => namespace.scale(workload, replicas)))
}

async function podsOf(namespace: TestNamespace): Promise<string[]> {
  return (await Promise.all(TIERS.map((workload) => namespace.pods(workload)))).flat().map(({ uid }) => uid)
}

const delayed = (ms: number) => `delay;ms=${ms};at=provider`

/** A faster answer was not delayed, and says nothing about slow calls. */
const areSlow = ({ calls = [] }: BurstReport, delayMs: number) =>
  calls.filter(({ status }) => status === 200).every(({ latencyMs }) => latencyMs >= delayMs)
