import type { BurstCall, BurstReport } from '@linkerd-scenario/contract'

/** A burst, and when it was sent, ms. */
export interface SentBurst {
  sentAtMs: number
  report: BurstReport
}

/** Merges several detailed bursts into one report; `startMs` counts from the first. Throws if there are none. */
export function mergeReports(sent: readonly SentBurst[]): BurstReport {
  const [first] = sent
  if (first === undefined) throw new Error('There is no report to merge')
  const reports = sent.map(({ report }) => report)
  const offsetMs = ({ sentAtMs }: SentBurst) => sentAtMs - first.sentAtMs
  const calls = sent.flatMap((one) =>
    (one.report.calls ?? []).map((call): BurstCall => ({ ...call, startMs: call.startMs + offsetMs(one) })),
  )
  const latencies = calls.map(({ latencyMs }) => latencyMs).sort((a, b) => a - b)
  const percentile = (p: number) =>
    latencies[Math.min(latencies.length - 1, Math.floor((p / 100) * latencies.length))] ?? 0
  return {
    total: addUp(reports.map(({ total }) => ({ total })))['total'] ?? 0,
    byStatus: addUp(reports.map(({ byStatus }) => byStatus)),
    byOrigin: addUp(reports.map(({ byOrigin }) => byOrigin)),
    byVersion: addUp(reports.map(({ byVersion }) => byVersion)),
    byPod: addUp(reports.map(({ byPod }) => byPod)),
    byCaller: addUp(reports.map(({ byCaller }) => byCaller)),
    byAttempt: addUp(reports.map(({ byAttempt }) => byAttempt)),
    latencyMs: {
      min: latencies[0] ?? 0,
      mean: latencies.reduce((sum, latency) => sum + latency, 0) / Math.max(1, latencies.length),
      p50: percentile(50),
      p90: percentile(90),
      p95: percentile(95),
      p99: percentile(99),
      max: latencies.at(-1) ?? 0,
    },
    durationMs: Math.max(...sent.map((one) => offsetMs(one) + one.report.durationMs)),
    calls,
  }
}

function addUp(counts: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const sums: Record<string, number> = {}
  for (const of of counts) {
    for (const [key, count] of Object.entries(of)) sums[key] = (sums[key] ?? 0) + count
  }
  return sums
}
