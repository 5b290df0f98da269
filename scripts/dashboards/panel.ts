/** One line of a panel: a PromQL query and the name of its series. */
export interface Query {
  expr: string
  legend: string
}

/** A panel in our own terms; `dashboard.ts` converts it to Grafana's format. */
export interface Panel {
  title: string
  /** What it shows, and when to worry. */
  description: string
  /** A unit of Grafana: https://grafana.com/docs/grafana/latest/panels-visualizations/configure-standard-options/ */
  unit: 'reqps' | 's' | 'ms' | 'percentunit' | 'short' | 'cps'
  queries: readonly Query[]
  /** A single figure for the whole time range instead of a graph. */
  isFigure?: true
}

export interface Row {
  title: string
  panels: readonly Panel[]
}

/** Series of the selected workloads. The scrape configuration adds both labels: see docs/dashboards.md. */
export const WORKLOAD = 'namespace="$namespace",deployment=~"$workload"'
/** Series of all workloads in the selected namespace: calls are compared across workloads. */
export const NAMESPACE = 'namespace="$namespace"'

/** Requests per second of a counter, summed by labels. */
export function rate(counter: string, by: string): string {
  return `sum by (${by}) (rate(${counter}[$__rate_interval]))`
}

/** A quantile of a histogram, by deployment. */
export function quantile(share: number, histogram: string): string {
  return `histogram_quantile(${share}, ${rate(histogram, 'le, deployment')})`
}
