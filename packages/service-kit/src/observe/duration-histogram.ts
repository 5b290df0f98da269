import type { MetricObject, MetricObjectWithValues, MetricValue, MetricValueWithName, Registry } from 'prom-client'

// The boundaries that the semantic conventions recommend for http.server.request.duration.
const BUCKETS_S = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10]
const BUCKETS_MS = BUCKETS_S.map((seconds) => seconds * 1000)

/** The value of a label. */
type LabelValue = string | number

/** One series of a histogram: counts, from which a scrape makes its lines. */
class DurationSeries {
  readonly values: readonly LabelValue[]
  /** Count per bucket, not cumulative; the last bucket is above all bounds. */
  readonly counts = new Array<number>(BUCKETS_MS.length + 1).fill(0)
  sumMs = 0

  constructor(values: readonly LabelValue[]) {
    this.values = values
  }

  observe(ms: number): void {
    let bucket = 0
    while (bucket < BUCKETS_MS.length && ms > (BUCKETS_MS[bucket] as number)) bucket += 1
    this.counts[bucket] = (this.counts[bucket] as number) + 1
    this.sumMs += ms
  }
}

/**
 * A histogram of durations for a prom-client registry. prom-client's own hashes the labels at every observation. This
 * one first compares them with those of the last observation, which are usually the same.
 */
export class DurationHistogram<Label extends string> {
  readonly name: string
  readonly help: string
  readonly #labelNames: readonly Label[]
  readonly #series = new Map<string, DurationSeries>()
  #last: DurationSeries | undefined

  constructor(name: string, help: string, labelNames: readonly Label[]) {
    this.name = name
    this.help = help
    this.#labelNames = labelNames
  }

  /** Adds it to a registry. */
  registerAt(registry: Registry): void {
    registry.registerMetric(this as unknown as Parameters<Registry['registerMetric']>[0])
  }

  /** Counts a duration, in ms. `values` are those of the labels, in the order of their names, and bounded in number. */
  observe(values: readonly LabelValue[], ms: number): void {
    if (this.#last === undefined || !areEqual(this.#last.values, values)) this.#last = this.#seriesOf(values)
    this.#last.observe(ms)
  }

  #seriesOf(values: readonly LabelValue[]): DurationSeries {
    const key = JSON.stringify(values)
    const known = this.#series.get(key)
    if (known !== undefined) return known
    const series = new DurationSeries(values)
    this.#series.set(key, series)
    return series
  }

  /** Called by the registry at a scrape. */
  async get(): Promise<MetricObjectWithValues<MetricValue<string>>> {
    const values = [...this.#series.values()].flatMap((series) => this.#valuesOf(series))
    const object: Omit<MetricObject, 'type' | 'aggregator' | 'collect'> = { name: this.name, help: this.help }
    return { ...object, type: 'histogram', aggregator: 'sum', values } as unknown as MetricObjectWithValues<
      MetricValue<string>
    >
  }

  /** Called by the registry at a reset. */
  reset(): void {
    this.#series.clear()
    this.#last = undefined
  }

  #valuesOf({ values, counts, sumMs }: DurationSeries): MetricValueWithName<string>[] {
    const labels = Object.fromEntries(this.#labelNames.map((name, index) => [name, values[index] ?? '']))
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

function areEqual(a: readonly LabelValue[], b: readonly LabelValue[]): boolean {
  for (let index = 0; index < a.length; index += 1) if (a[index] !== b[index]) return false
  return true
}
