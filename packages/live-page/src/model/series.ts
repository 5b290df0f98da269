import type { LiveCounts } from '@linkerd-scenario/contract'
import { countsBetween, percentile } from './counts.ts'
import type { Sample } from './model.ts'

type Counts = Readonly<Record<string, number>>

/** One line of a chart: a value for each time, null where there is none. */
export interface Series {
  /** The key of `byFailure` for failures, the number for attempts, OTHER for all that have no line of their own. */
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

/** All that have no line of their own. The consumer counts names under it as well, once it knows too many. */
export const OTHER = 'other'
const MOST_FAILURES = 4
const MOST_ATTEMPTS = 5

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
  /** A line for each of some counts, and one for all others together, if there are any. */
  const lines = (countsOf: (counts: LiveCounts) => Counts, chosen: (counts: Counts) => string[]): Series[] => {
    const last = samples.at(-1)
    if (last === undefined) return []
    const names = chosen(withoutOther(countsOf(last.totals)))
    const others = (counts: LiveCounts) => sumExcept(countsOf(counts), names)
    return [
      ...names.map((name) => line(name, (counts, seconds) => (countsOf(counts)[name] ?? 0) / seconds)),
      ...(others(last.totals) === 0 ? [] : [line(OTHER, (counts, seconds) => others(counts) / seconds)]),
    ]
  }
  return {
    times: steps.map(({ at }) => at),
    results: [
      line('ok', ({ ended, failed }, seconds) => (ended - failed) / seconds),
      ...lines(({ byFailure }) => byFailure, commonest),
    ],
    latency: [0.5, 0.95, 0.99].map((share) =>
      // The maximum latency is that of the whole run: it only bounds the last bucket.
      line(`p${share * 100}`, (counts) => percentile(counts, share)),
    ),
    attempts: lines(({ byAttempt }) => byAttempt, first),
  }
}

const commonest = (counts: Counts) =>
  Object.entries(counts)
    .toSorted(([, a], [, b]) => b - a)
    .slice(0, MOST_FAILURES)
    .map(([name]) => name)
    .toSorted()

const first = (counts: Counts) =>
  Object.keys(counts)
    .toSorted((a, b) => Number(a) - Number(b))
    .slice(0, MOST_ATTEMPTS)

function withoutOther({ [OTHER]: _other, ...named }: Counts): Counts {
  return named
}

function sumExcept(counts: Counts, names: readonly string[]): number {
  return Object.entries(counts).reduce((sum, [name, count]) => (names.includes(name) ? sum : sum + count), 0)
}
