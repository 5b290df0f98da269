import type { Panel } from './panel.ts'

interface Line {
  name: string
  /** Time in seconds, and value. */
  points: readonly (readonly [number, number])[]
}

/** A row of the dashboard with the values of its queries. */
export interface DrawnRow {
  title: string
  panels: readonly (Pick<Panel, 'title' | 'unit' | 'isFigure'> & { lines: readonly Line[] })[]
}

const COLOURS = ['#2f6fde', '#d1495b', '#2a9d5c', '#e08a00', '#7b4fc9', '#00899b', '#8c564b', '#555']
const [WIDTH, HEIGHT] = [420, 110]
const STYLE = `
  body { font: 13px sans-serif; margin: 16px; color: #222; background: #fff }
  h2 { font-size: 17px; margin: 18px 0 8px }
  section { display: grid; grid-template-columns: repeat(3, 1fr); gap: 10px }
  article { border: 1px solid #ccc; border-radius: 6px; padding: 8px }
  h3 { font-size: 13px; margin: 0 0 6px }
  .figure { font-size: 30px; font-weight: bold }
  svg { width: 100%; background: #f7f7f7 }
  li { font-size: 11px; list-style: none } ul { margin: 4px 0 0; padding: 0 }
`

/** A page with one drawing per panel: the lines of its queries, or the last value as a figure. */
export function valuesPage(rows: readonly DrawnRow[]): string {
  const body = rows.map(
    ({ title, panels }) => `<h2>${escaped(title)}</h2><section>${panels.map(panelHtml).join('')}</section>`,
  )
  return `<!doctype html><meta charset="utf-8"><style>${STYLE}</style>${body.join('')}`
}

function panelHtml({ title, unit, isFigure, lines }: DrawnRow['panels'][number]): string {
  const content = isFigure ? figureHtml(lines) : `${graphSvg(lines)}<ul>${lines.map(legendHtml).join('')}</ul>`
  const measure = unit === 'short' ? '' : `, ${unit}`
  return `<article><h3>${escaped(title + measure)}</h3>${lines.length === 0 ? 'no data' : content}</article>`
}

function figureHtml(lines: readonly Line[]): string {
  return `<div class="figure">${(lastOf(lines[0]) ?? 0).toFixed(0)}</div>${escaped(lines[0]?.name ?? '')}`
}

function graphSvg(lines: readonly Line[]): string {
  const points = lines.flatMap((line) => line.points).filter(([, value]) => Number.isFinite(value))
  const times = points.map(([time]) => time)
  const [from, to] = [Math.min(...times), Math.max(...times)]
  const most = Math.max(...points.map(([, value]) => value)) || 1
  const x = (time: number) => (((time - from) / (to - from || 1)) * WIDTH).toFixed(1)
  const y = (value: number) => (HEIGHT - 4 - (value / most) * (HEIGHT - 18)).toFixed(1)
  const drawn = lines.map((line, index) => {
    const finite = line.points.filter(([, value]) => Number.isFinite(value))
    const places = finite.map(([time, value]) => `${x(time)},${y(value)}`).join(' ')
    return `<polyline fill="none" stroke-width="1.5" stroke="${colourOf(index)}" points="${places}"/>`
  })
  const scale = `<text x="3" y="11" font-size="10">${most.toPrecision(3)}</text>`
  return `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}">${scale}${drawn.join('')}</svg>`
}

function legendHtml(line: Line, index: number): string {
  const last = lastOf(line)
  const value = last === undefined ? 'no value' : String(Number(last.toPrecision(3)))
  return `<li><b style="color:${colourOf(index)}">━</b> ${escaped(line.name)}: ${value}</li>`
}

const colourOf = (index: number) => COLOURS[index % COLOURS.length]

/** The last value that is a number: a rate of zero divided by zero is not one. */
function lastOf(line: Line | undefined): number | undefined {
  return line?.points.findLast(([, value]) => Number.isFinite(value))?.[1]
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
}
