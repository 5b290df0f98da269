import type { MetricObject, MetricObjectWithValues, MetricValue, MetricValueWithName, Registry } from 'prom-client'

// The boundaries that the semantic conventions advise for http.server.request.duration.
const BUCKETS_S = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10]
const BUCKETS_MS = BUCKETS_S.map((seconds) => seconds * 1000)

/** The labels of one series, in the order in which they are shown. */
export type Labels = Record<string, string | number>

/** One series of a histogram: counts alone, from which the scrape makes its lines. */
export class DurationSeries {
  readonly labels: Labels
  /** By bucket, not cumulated; the last is above all bounds. */
  readonly counts = new Array<number>(BUCKETS_MS.length + 1).fill(0)
  sumMs = 0

  constructor(labels: Labels) {
    this.labels = labels
  }

  observe(ms: number): void {
    let bucket = 0
    while (bucket < BUCKETS_MS.length && ms > (BUCKETS_MS[bucket] as number)) bucket += 1
    this.counts[bucket] = (this.counts[bucket] as number) + 1
    this.sumMs += ms
  }
}

/**
 * A histogram of durations for a prom-client registry. prom-client's own hashes the labels at every observation; here
 * the caller names its series by a key that it has at hand.
 */
export class DurationHistogram {
  readonly name: string
  readonly help: string
  readonly #series = new Map<string, DurationSeries>()

  constructor(name: string, help: string, registry: Registry) {
    this.name = name
    this.help = help
    registry.registerMetric(this as unknown as Parameters<Registry['registerMetric']>[0])
  }

  /** The series of a key; `labels` is asked once a key. Keys and labels must be one to one, and bounded. */
  series(key: string, labels: () => Labels): DurationSeries {
    const known = this.#series.get(key)
    if (known !== undefined) return known
    const series = new DurationSeries(labels())
    this.#series.set(key, series)
    return series
  }

  /** What a registry asks of a metric at a scrape. */
  async get(): Promise<MetricObjectWithValues<MetricValue<string>>> {
    const values = [...this.#series.values()].flatMap((series) => this.#valuesOf(series))
    const object: Omit<MetricObject, 'type' | 'aggregator' | 'collect'> = { name: this.name, help: this.help }
    return { ...object, type: 'histogram', aggregator: 'sum', values } as unknown as MetricObjectWithValues<
      MetricValue<string>
    >
  }

  /** What a registry asks when it is reset. */
  reset(): void {
    this.#series.clear()
  }

  #valuesOf({ labels, counts, sumMs }: DurationSeries): MetricValueWithName<string>[] {
    let count = 0
    const buckets = counts.map((own, index) => {
      count += own
      return { metricName: `${this.name}_bucket`, labels: { le: BUCKETS_S[index] ?? '+Inf', ...labels }, value: count }
    })
    return [
      ...buckets,
      { metricName: `${this.name}_sum`, labels, value: sumMs / 1000 },
      { metricName: `${this.name}_count`, labels, value: count },
    ]
  }
}
