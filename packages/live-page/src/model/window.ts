import type { LiveCounts } from '@linkerd-scenario/contract'
import type { PodTraffic, Traffic } from '@linkerd-scenario/contract/promises'
import { countsBetween } from './counts.ts'
import type { Model, PodSample, Sample } from './model.ts'

/** What was counted over some recent time. */
export interface Window {
  counts: LiveCounts
  seconds: number
  pods: readonly PodTraffic[]
}

/** By then, calls that started before the settings changed have ended, milliseconds. */
const SETTLE_MS = 2500
const LONGEST_MS = 60_000
const SHORTEST_MS = 10_000
const ENOUGH_CALLS = 1000
/** A pod that has not answered for this long, while others did, is gone, milliseconds. */
export const GONE_MS = 5000

/** The last calls made with the current settings: a thousand of them, or those of a minute. */
export function judgedTraffic(model: Model): Traffic | undefined {
  const { state, samples, settingsAt } = model
  const last = samples.at(-1)
  if (state === undefined || last === undefined) return undefined
  const usable = samples.filter(({ at }) => at >= settingsAt + SETTLE_MS && last.at - at <= LONGEST_MS)
  const first =
    usable.findLast(
      ({ at, totals }) => last.totals.ended - totals.ended >= ENOUGH_CALLS && last.at - at >= SHORTEST_MS,
    ) ?? usable[0]
  if (first === undefined || first === last) return undefined
  const { settings, consumer, provider } = state
  return { ...windowFrom(model, first), settings, meshed: consumer.meshed, provider }
}

/** The last `seconds`, or as much of them as there is; undefined before there are two samples. */
export function recentWindow(model: Model, seconds: number): Window | undefined {
  const last = model.samples.at(-1)
  const first = model.samples.find(({ at }) => last !== undefined && last.at - at <= seconds * 1000)
  if (first === undefined || first === last) return undefined
  return windowFrom(model, first)
}

function windowFrom(model: Model, first: Sample): Window {
  const since = model.samples.filter(({ at }) => at > first.at)
  const last = since.at(-1) ?? first
  const sums = new Map<string, PodSample>()
  for (const { pods } of since) for (const [name, pod] of pods) sums.set(name, plus(sums.get(name), pod))
  return {
    counts: countsBetween(last.totals, first.totals),
    seconds: (last.at - first.at) / 1000,
    pods: [...sums].map(([name, sum]) => podTraffic(model, name, sum, first.at, last.at)),
  }
}

function plus(a: PodSample | undefined, b: PodSample): PodSample {
  if (a === undefined) return b
  return { ended: a.ended + b.ended, failed: a.failed + b.failed, latencySumMs: a.latencySumMs + b.latencySumMs }
}

function podTraffic({ pods, state }: Model, name: string, sum: PodSample, from: number, to: number): PodTraffic {
  const known = pods.get(name)
  const isRunning = state?.running ?? false
  return {
    pod: name,
    version: known?.version ?? '',
    ...sum,
    came: known !== undefined && known.firstSeen > from + 1000,
    gone: isRunning && (known === undefined || to - known.lastSeen > GONE_MS),
  }
}
