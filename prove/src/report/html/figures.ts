import type { FeatureReport, PhaseReport } from '../json-report.ts'
import type { Traffic } from '../traffic.ts'
import { bars, latencies, legend, type TimeRow, timelines } from './charts.ts'
import { colours } from './scale.ts'
import { type Html, html } from './template.ts'

/** Maximum number of figures per feature. */
const MOST = 4
/** With more pods than this a bar is not legible. */
const MOST_PODS = 6
/** Medians that differ by less than this count as equal. */
const TELLING_RATIO = 3

interface Burst {
  label: string
  traffic: Traffic
}

/**
 * Charts of a feature's calls. A chart is drawn only if it shows a difference: several outcomes, several versions or an
 * uneven spread over pods, medians that differ, or outcomes that changed while the mesh took effect.
 */
export function figures({ on, control }: FeatureReport): Html[] {
  const bursts = [...burstsOf('on', on), ...burstsOf('control', control)]
  const all = [
    answeredBy(bursts),
    outcomes(bursts),
    overTime(bursts),
    latency(bursts),
    settling('on', on),
    settling('control', control),
  ]
  return all.filter((figure) => figure !== undefined).slice(0, MOST)
}

function burstsOf(phase: string, of: PhaseReport | null): Burst[] {
  return (of?.traffic ?? []).map((traffic) => ({ label: `${phase}: ${traffic.name}`, traffic }))
}

function answeredBy(bursts: readonly Burst[]): Html | undefined {
  const rows = (of: 'versions' | 'pods') => bursts.map(({ label, traffic }) => ({ label, counts: traffic[of] }))
  if (colours(rows('versions').map(({ counts }) => counts)).length > 1) {
    return shares('Who answered, by version', rows('versions'))
  }
  const pods = rows('pods')
  const count = colours(pods.map(({ counts }) => counts)).length
  return count > 1 && count <= MOST_PODS && pods.some(({ counts }) => isUneven(counts, count))
    ? shares('Who answered, by pod', pods)
    : undefined
}

function isUneven(counts: Readonly<Record<string, number>>, pods: number): boolean {
  const all = Object.values(counts)
  return all.length > 0 && (all.length < pods || Math.max(...all) >= 2 * Math.min(...all))
}

function outcomes(bursts: readonly Burst[]): Html | undefined {
  const rows = bursts.map(({ label, traffic }) => ({ label, counts: traffic.outcomes }))
  return colours(rows.map(({ counts }) => counts)).length > 1
    ? shares('Answers, by status and by who made the error', rows)
    : undefined
}

function shares(title: string, rows: Parameters<typeof bars>[1]): Html {
  const keys = colours(rows.map(({ counts }) => counts))
  return figure(title, bars(title, rows, keys), legend(keys))
}

function overTime(bursts: readonly Burst[]): Html | undefined {
  const mixed = new Set(
    bursts.flatMap(({ traffic }) => (Object.keys(traffic.outcomes).length > 1 ? [traffic.name] : [])),
  )
  const rows = bursts.flatMap(({ label, traffic }): TimeRow[] => {
    const { name, timeline } = traffic
    if (timeline === undefined || !mixed.has(name)) return []
    const length = Math.max(...Object.values(timeline.outcomes).map((counts) => counts.length))
    const columns = Array.from({ length }, (_, index) =>
      Object.fromEntries(Object.entries(timeline.outcomes).map(([key, counts]) => [key, counts[index] ?? 0])),
    )
    return [{ label, lengthMs: timeline.stepMs * length, columns }]
  })
  if (rows.length === 0) return undefined
  return overTimeFigure('Calls over time', rows)
}

function overTimeFigure(title: string, rows: readonly TimeRow[]): Html {
  const keys = colours(rows.flatMap(({ columns }) => columns))
  return figure(title, timelines(title, rows, keys), legend(keys))
}

function latency(bursts: readonly Burst[]): Html | undefined {
  const rows = bursts.map(({ label, traffic }) => ({ label, latencyMs: traffic.latencyMs }))
  const medians = rows.map(({ latencyMs }) => Math.max(1, latencyMs.p50))
  if (rows.length < 2 || Math.max(...medians) < TELLING_RATIO * Math.min(...medians)) return undefined
  const title = 'Latency'
  return figure(title, latencies(title, rows))
}

/** How the mesh took effect: the outcomes of each observation in turn, if the last ones differ from the first. */
function settling(phase: string, of: PhaseReport | null): Html | undefined {
  const looks = of?.settled?.looks ?? []
  const [first, last] = [looks[0], looks.at(-1)]
  if (first === undefined || last === undefined || sameKeys(first.outcomes, last.outcomes)) return undefined
  const title = `Before the measurement: how the state took effect (${phase})`
  return overTimeFigure(title, [
    {
      label: `${looks.length} observations`,
      lengthMs: last.atMs - first.atMs,
      columns: looks.map((look) => look.outcomes),
    },
  ])
}

function sameKeys(a: Readonly<Record<string, number>>, b: Readonly<Record<string, number>>): boolean {
  return Object.keys(a).sort().join() === Object.keys(b).sort().join()
}

function figure(title: string, chart: Html, keys?: Html): Html {
  return html`<figure><figcaption>${title}</figcaption>${chart}${keys}</figure>`
}
