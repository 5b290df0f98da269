import type { PodTraffic } from '@linkerd-scenario/contract/promises'
import type { Kind } from './kind.ts'
import type { KnownPod, Model } from './model.ts'
import { GONE_MS, type Window } from './window.ts'

/** One pod of the picture, with its recent traffic. */
export interface Edge {
  pod: string
  version: string
  kind: Kind
  caller: string | null
  /** Of all calls that ended, 0 to 1. */
  share: number
  /** null without calls. */
  meanMs: number | null
  /** Of its answers, 0 to 1. */
  errors: number
  isGone: boolean
}

export interface Edges {
  pods: Edge[]
  /** How many pods are not shown, for lack of room. */
  hidden: number
  byProxies: number
  withoutAnswer: number
}

const MOST_PODS = 8
/** A pod that has not answered for this long is removed from the picture, milliseconds. */
const FORGET_MS = 30_000

/** The pods that answered recently, in a stable order, and the calls that reached no pod. */
export function edgesOf(model: Model, window: Window | undefined): Edges {
  const at = model.batch?.at ?? 0
  const ended = window?.counts.ended ?? 0
  const isRunning = model.state?.running ?? false
  const traffic = new Map(window?.pods.map((pod) => [pod.pod, pod]))
  const recent = [...model.pods.values()]
    .filter(({ lastSeen }) => !isRunning || at - lastSeen < FORGET_MS)
    .toSorted((a, b) => a.version.localeCompare(b.version) || a.pod.localeCompare(b.pod))
  return {
    pods: recent
      .slice(0, MOST_PODS)
      .map((pod) => edgeOf(pod, traffic.get(pod.pod), ended, isRunning && at - pod.lastSeen > GONE_MS)),
    hidden: Math.max(0, recent.length - MOST_PODS),
    byProxies: window?.counts.byOrigin['mesh'] ?? 0,
    withoutAnswer: window?.counts.byOrigin['network'] ?? 0,
  }
}

function edgeOf(
  { pod, version, caller }: KnownPod,
  traffic: PodTraffic | undefined,
  ended: number,
  isGone: boolean,
): Edge {
  const kind = version === 'v1' || version === 'v2' ? version : 'other'
  const answers = traffic?.ended ?? 0
  return {
    pod,
    version,
    kind,
    caller,
    share: ended === 0 ? 0 : answers / ended,
    meanMs: traffic === undefined || answers === 0 ? null : traffic.latencySumMs / answers,
    errors: answers === 0 ? 0 : (traffic?.failed ?? 0) / answers,
    isGone,
  }
}
