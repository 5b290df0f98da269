import type { LiveCounts } from '@linkerd-scenario/contract'
import { countsBetween, percentile } from './counts.ts'
import type { Sample } from './model.ts'

/** One line of a chart: a value for each time, null where there is none. */
export interface Series {
  /** The key of `byFailure` for failures, the number for attempts. */
  name: string
  values: (number | null)[]
}

export interface ChartData {
  /** Seconds since 1970. */
  times: number[]
  results: Series[]
  latency: Series[]
  attempts: Series[]
}

const MOST_FAILURES = 4

/** The data of the charts. Samples are about a second apart, with gaps where the page was disconnected. */
export function chartData(samples: readonly Sample[]): ChartData {
  const steps = samples.slice(1).flatMap((sample, index) => {
    const before = samples[index]
    if (before === undefined) return []
    return [
      {
        at: sample.at / 1000,
        seconds: (sample.at - before.at) / 1000,
        counts: countsBetween(sample.totals, before.totals),
      },
    ]
  })
  const line = (name: string, value: (counts: LiveCounts, seconds: number) => number | null): Series => ({
    name,
    values: steps.map(({ counts, seconds }) => value(counts, seconds)),
  })
  const last = samples.at(-1)?.totals
  const failures = commonest(last?.byFailure ?? {})
  const attempts = Object.keys(last?.byAttempt ?? {})
    .toSorted((a, b) => Number(a) - Number(b))
    .slice(0, 5)
  return {
    times: steps.map(({ at }) => at),
    results: [
      line('ok', ({ ended, failed }, seconds) => (ended - failed) / seconds),
      ...failures.map((name) => line(name, ({ byFailure }, seconds) => (byFailure[name] ?? 0) / seconds)),
    ],
    latency: [0.5, 0.95, 0.99].map((share) =>
      // The maximum latency is that of the whole run: it only bounds the last bucket.
      line(`p${share * 100}`, (counts) => percentile(counts, share)),
    ),
    attempts: attempts.map((name) => line(name, ({ byAttempt }, seconds) => (byAttempt[name] ?? 0) / seconds)),
  }
}

const commonest = (counts: Readonly<Record<string, number>>) =>
  Object.entries(counts)
    .toSorted(([, a], [, b]) => b - a)
    .slice(0, MOST_FAILURES)
    .map(([name]) => name)
    .toSorted()
