import { LIVE_LATENCY_BOUNDS_MS } from '../live-limits.ts'
import type { PodTraffic, Traffic } from './promise.ts'

export const sumOf = (counts: Readonly<Record<string, number>>): number =>
  Object.values(counts).reduce((sum, count) => sum + count, 0)

/** Failed calls whose "STATUS ORIGIN PROXY" matches the pattern. */
export function failedAs({ counts }: Traffic, pattern: RegExp): number {
  return Object.entries(counts.byFailure).reduce((sum, [name, count]) => (pattern.test(name) ? sum + count : sum), 0)
}

/** Calls that got no answer from a service: a proxy answered, or nobody. */
export const lostCalls = (traffic: Traffic): number => failedAs(traffic, /^\w+ (mesh|network)/)

/** Calls that took longer than one of the bounds of the latency buckets. */
export function slowerThan({ counts }: Traffic, boundMs: (typeof LIVE_LATENCY_BOUNDS_MS)[number]): number {
  const first = LIVE_LATENCY_BOUNDS_MS.indexOf(boundMs) + 1
  return counts.latency.slice(first).reduce((sum, count) => sum + count, 0)
}

/** Calls that a provider answered, with success or an error. */
export const answered = ({ counts }: Traffic): number => sumOf(counts.byVersion)

export const meanMs = ({ ended, latencySumMs }: PodTraffic): number => latencySumMs / ended

/** The pods that answered: those that nearly always fail, and those that nearly never do. */
export function podsByHealth({ pods }: Traffic): { failing: PodTraffic[]; healthy: PodTraffic[] } {
  const used = pods.filter(({ ended }) => ended > 0)
  return {
    failing: used.filter(({ ended, failed }) => failed / ended >= 0.9),
    healthy: used.filter(({ ended, failed }) => failed / ended <= 0.1),
  }
}

/** A pod's share of the answers, as a multiple of an even share. */
export function shareOf(
  pod: PodTraffic,
  pods: readonly PodTraffic[],
): { share: number; ofFair: number; total: number } {
  const total = pods.reduce((sum, { ended }) => sum + ended, 0)
  const share = pod.ended / total
  return { share, ofFair: share * pods.length, total }
}
