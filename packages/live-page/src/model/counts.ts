import type { LiveCounts } from '@linkerd-scenario/contract'
import { LIVE_LATENCY_BOUNDS_MS } from '@linkerd-scenario/contract/live-limits'

type Tally = Readonly<Record<string, number>>

/** What was counted between two totals of the same run. The maximum latency is that of the whole run. */
export function countsBetween(later: LiveCounts, earlier: LiveCounts): LiveCounts {
  return {
    started: later.started - earlier.started,
    ended: later.ended - earlier.ended,
    failed: later.failed - earlier.failed,
    shed: later.shed - earlier.shed,
    late: later.late - earlier.late,
    byStatus: less(later.byStatus, earlier.byStatus),
    byOrigin: less(later.byOrigin, earlier.byOrigin),
    byFailure: less(later.byFailure, earlier.byFailure),
    byVersion: less(later.byVersion, earlier.byVersion),
    byPod: less(later.byPod, earlier.byPod),
    byCaller: less(later.byCaller, earlier.byCaller),
    byAttempt: less(later.byAttempt, earlier.byAttempt),
    latency: later.latency.map((count, bucket) => count - (earlier.latency[bucket] ?? 0)),
    latencySumMs: later.latencySumMs - earlier.latencySumMs,
    latencyMaxMs: later.latencyMaxMs,
  }
}

/** Zeros are left out: that name was not seen in between. */
function less(later: Tally, earlier: Tally): Record<string, number> {
  const entries = Object.entries(later).map(([name, count]): [string, number] => [name, count - (earlier[name] ?? 0)])
  return Object.fromEntries(entries.filter(([, count]) => count > 0))
}

/** The latency in milliseconds that `share` of the calls do not exceed, interpolated in its bucket; null without calls. */
export function percentile({ latency, latencyMaxMs }: Pick<LiveCounts, 'latency' | 'latencyMaxMs'>, share: number) {
  const wanted = share * latency.reduce((sum, count) => sum + count, 0)
  if (wanted === 0) return null
  let below = 0
  for (const [bucket, count] of latency.entries()) {
    if (count > 0 && below + count >= wanted) {
      const from = LIVE_LATENCY_BOUNDS_MS[bucket - 1] ?? 0
      const to = Math.min(LIVE_LATENCY_BOUNDS_MS[bucket] ?? latencyMaxMs, Math.max(latencyMaxMs, from))
      return from + ((to - from) * (wanted - below)) / count
    }
    below += count
  }
  return latencyMaxMs
}
