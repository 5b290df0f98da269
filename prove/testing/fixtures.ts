import type { BurstCall, BurstReport } from '@linkerd-scenario/contract'
import type { Observation, Sample } from '../src/expectations/observation.ts'

/** For tests: a call as a burst records it. */
export function call(part: Partial<BurstCall> = {}): BurstCall {
  return { requestId: 'r', startMs: 0, latencyMs: 5, status: 200, ...part }
}

/** For tests: the report that the consumer would make of these calls. */
export function reportOf(calls: readonly BurstCall[]): BurstReport {
  const latencies = calls.map(({ latencyMs }) => latencyMs).toSorted((a, b) => a - b)
  const told = calls.filter(({ pod }) => pod !== undefined)
  const tally = (keys: readonly (string | number)[]) => {
    const of: Record<string, number> = {}
    for (const key of keys) of[key] = (of[key] ?? 0) + 1
    return of
  }
  return {
    total: calls.length,
    byStatus: tally(calls.map(({ status }) => status ?? 'none')),
    byOrigin: tally(calls.flatMap(({ origin }) => (origin === undefined ? [] : [origin]))),
    byVersion: tally(told.map(({ version }) => version ?? '')),
    byPod: tally(told.map(({ pod }) => pod ?? '')),
    byCaller: tally(told.map(({ caller }) => caller ?? 'none')),
    byAttempt: tally(told.map(({ attempt }) => attempt ?? 0)),
    latencyMs: {
      min: Math.min(...latencies),
      mean: latencies.reduce((sum, latency) => sum + latency, 0) / latencies.length,
      p50: latencies[Math.floor((latencies.length - 1) / 2)] ?? 0,
      p90: 0,
      p95: 0,
      p99: 0,
      max: Math.max(...latencies),
    },
    durationMs: 1000,
    calls: [...calls],
  }
}

/** For tests: `n` calls that a pod answered with 200. */
export function answered(n: number, part: Partial<BurstCall> = {}): BurstCall[] {
  return Array.from({ length: n }, () =>
    call({ version: 'v1', pod: 'provider-v1-a', caller: null, attempt: 1, ...part }),
  )
}

/** For tests: `n` calls that a proxy refused. */
export function refused(n: number, status: number, part: Partial<BurstCall> = {}): BurstCall[] {
  return Array.from({ length: n }, () => call({ status, origin: 'mesh', ...part }))
}

/** For tests: an observation of one burst named `calls`. */
export function observed(
  calls: readonly BurstCall[],
  facts: Observation['facts'] = {},
  samples: readonly Sample[] = [],
): Observation {
  return {
    bursts: { calls: reportOf(calls) },
    facts: { namespace: 'test', identityDomain: 'identity.linkerd.cluster.local', ...facts },
    proxies: { 'consumer-v1': samples },
  }
}
