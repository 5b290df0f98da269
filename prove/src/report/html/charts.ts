import { duration } from '../../expectations/wording.ts'
import type { Traffic } from '../traffic.ts'
import type { Coloured } from './scale.ts'
import { type Html, html } from './template.ts'

const WIDTH = 450
const LABEL = 18
const BAR = 20
const PLOT = 46
const GAP = 12

/** One burst or one state in a chart. */
export interface Row {
  label: string
  counts: Readonly<Record<string, number>>
}

/** One stacked bar per row, all of the same length, because they show shares. */
export function bars(title: string, rows: readonly Row[], keys: readonly Coloured[]): Html {
  const step = LABEL + BAR + GAP
  return chart(
    title,
    rows.length * step - GAP,
    rows.map(({ label, counts }, row) => {
      const total = sum(Object.values(counts))
      let x = 0
      const parts = keys.map(({ key, colour }) => {
        const count = counts[key] ?? 0
        const width = total === 0 ? 0 : (count / total) * WIDTH
        const left = x
        x += width
        return segment({ left, top: row * step + LABEL, width, count, colour })
      })
      return html`${text(0, row * step + 12, `${label} (${total} calls)`)}${parts}`
    }),
  )
}

function segment(of: { left: number; top: number; width: number; count: number; colour: string }): Html | undefined {
  const { left, top, width, count, colour } = of
  if (count === 0) return undefined
  // A single call in a thousand must still be visible.
  const shown = Math.max(2, width)
  const number =
    width > 8 * String(count).length + 8
      ? html`<text class="on" x="${px(left + width / 2)}" y="${px(top + 14)}" text-anchor="middle">${count}</text>`
      : undefined
  return html`<rect class="${colour}" x="${px(Math.min(left, WIDTH - shown))}" y="${px(top)}" width="${px(shown)}" height="${BAR}"/>${number}`
}

/** Columns over time for each row, stacked by key. */
export interface TimeRow {
  label: string
  lengthMs: number
  /** Counts by key, one per column. */
  columns: readonly Readonly<Record<string, number>>[]
}

export function timelines(title: string, rows: readonly TimeRow[], keys: readonly Coloured[]): Html {
  const step = LABEL + PLOT + LABEL + GAP
  return chart(
    title,
    rows.length * step - GAP,
    rows.map(({ label, lengthMs, columns }, row) => {
      const top = row * step + LABEL
      const most = Math.max(1, ...columns.map((column) => sum(Object.values(column))))
      const width = WIDTH / Math.max(1, columns.length)
      const stacks = columns.map((column, index) => stack(column, keys, { left: index * width, top, width, most }))
      return html`${text(0, row * step + 12, label)}${stacks}<path class="axis" d="M0 ${px(top + PLOT)}H${WIDTH}"/>
${text(0, top + PLOT + 14, '0', 'small')}${text(WIDTH, top + PLOT + 14, duration(lengthMs), 'small end')}`
    }),
  )
}

function stack(
  column: Readonly<Record<string, number>>,
  keys: readonly Coloured[],
  { left, top, width, most }: { left: number; top: number; width: number; most: number },
): Html[] {
  let bottom = top + PLOT
  return keys.flatMap(({ key, colour }) => {
    const count = column[key] ?? 0
    if (count === 0) return []
    const height = (count / most) * PLOT
    bottom -= height
    const bar = html`<rect class="${colour}" x="${px(left)}" y="${px(bottom)}" width="${px(Math.max(1, width - 1))}" height="${px(height)}"/>`
    return [bar]
  })
}

export interface LatencyRow {
  label: string
  latencyMs: Traffic['latencyMs']
}

/** Latency on a logarithmic axis: median as a dot, a band to the 99th percentile, a line to the slowest call. */
export function latencies(title: string, rows: readonly LatencyRow[]): Html {
  const step = LABEL + BAR + GAP
  const times = rows.flatMap(({ latencyMs }) => [latencyMs.p50, latencyMs.max]).map((ms) => Math.max(ms, 0.1))
  const [low, high] = [Math.floor(Math.log10(Math.min(...times))), Math.ceil(Math.log10(Math.max(...times) * 1.01))]
  const x = (ms: number) => ((Math.log10(Math.max(ms, 0.1)) - low) / (high - low)) * (WIDTH - 16) + 8
  const height = rows.length * step
  const ticks = Array.from({ length: high - low + 1 }, (_, index) => 10 ** (low + index)).map((ms, index) => {
    const anchor = index === 0 ? 'small' : index === high - low ? 'small end' : 'small middle'
    return html`<path class="grid" d="M${px(x(ms))} 0V${height}"/>${text(index === 0 ? 0 : index === high - low ? WIDTH : x(ms), height + 14, duration(ms), anchor)}`
  })
  const marks = rows.map(({ label, latencyMs: { p50, p99, max } }, row) => {
    const middle = row * step + LABEL + BAR / 2
    return html`${text(0, row * step + 12, `${label}: median ${duration(p50)}, p99 ${duration(p99)}, slowest ${duration(max)}`)}
<path class="whisker" d="M${px(x(p50))} ${px(middle)}H${px(x(max))}"/>
<rect class="c0" x="${px(x(p50))}" y="${px(middle - 4)}" width="${px(Math.max(1, x(p99) - x(p50)))}" height="8"/>
<circle class="c1" cx="${px(x(p50))}" cy="${px(middle)}" r="6"/>`
  })
  return chart(title, height + LABEL, [...ticks, ...marks])
}

/** The keys of a chart with their colours. */
export function legend(keys: readonly Coloured[]): Html {
  return html`<ul class="legend">${keys.map(
    ({ key, colour }) =>
      html`<li><svg viewBox="0 0 12 12" width="12" height="12" aria-hidden="true"><rect class="${colour}" width="12" height="12"/></svg> ${key}</li>`,
  )}</ul>`
}

function chart(title: string, height: number, content: readonly Html[]): Html {
  return html`<svg class="chart" viewBox="0 0 ${WIDTH} ${Math.ceil(height)}" role="img" aria-label="${title}">${content}</svg>`
}

function text(x: number, y: number, content: string, look = ''): Html {
  return html`<text class="${look}" x="${px(x)}" y="${px(y)}">${content}</text>`
}

function px(length: number): string {
  return String(Number(length.toFixed(1)))
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0)
}
