import { useEffect, useRef, useState } from 'preact/hooks'
import uPlot from 'uplot'
import type { Series } from '../model/series.ts'
import { useWidth } from './use-width.ts'

export interface Line extends Series {
  label: string
  /** Name of a CSS custom property. */
  colour: string
  dash?: number[]
}

interface Props {
  title: string
  times: readonly number[]
  lines: readonly Line[]
  format: (value: number) => string
}

const HEIGHT = 150

/** Lines over time. A screen reader cannot read the canvas: it reads the label and the legend. */
export function LineChart({ title, times, lines, format }: Props) {
  const { ref, width } = useWidth<HTMLDivElement>()
  const scheme = useScheme()
  const chart = useRef<uPlot>(undefined)
  const data = [[...times], ...lines.map(({ values }) => values)] as unknown as uPlot.AlignedData
  const names = lines.map(({ name }) => name).join()
  useEffect(() => {
    if (ref.current === null || width === 0) return
    chart.current = new uPlot(optionsOf(width, lines, ref.current), data, ref.current)
    return () => chart.current?.destroy()
  }, [width, names, scheme])
  useEffect(() => chart.current?.setData(data))
  const now = lines.map(({ label, values }) => `${label} ${written(values.at(-1), format)}`).join(', ')
  return (
    <figure class="chart">
      <figcaption>{title}</figcaption>
      <div class="plot" ref={ref} role="img" aria-label={`${title}: ${now}`} />
      <ul class="legend">
        {lines.map(({ name, label, colour, values, dash }) => (
          <li key={name}>
            <svg class="swatch" viewBox="0 0 24 6" aria-hidden="true">
              <path d="M0 3h24" class={`swatch-${colour}`} stroke-dasharray={dash?.join(' ')} />
            </svg>
            {label} <b>{written(values.at(-1), format)}</b>
          </li>
        ))}
      </ul>
    </figure>
  )
}

const written = (value: number | null | undefined, format: (value: number) => string) =>
  value === null || value === undefined ? '–' : format(value)

function optionsOf(width: number, lines: readonly Line[], element: HTMLElement): uPlot.Options {
  const style = getComputedStyle(element)
  const property = (name: string) => style.getPropertyValue(`--${name}`).trim()
  const axis = {
    stroke: property('muted'),
    grid: { stroke: property('line'), width: 1 },
    ticks: { show: false },
    font: `12px ${style.fontFamily}`,
  }
  return {
    width,
    height: HEIGHT,
    legend: { show: false },
    cursor: { show: false },
    scales: { y: { range: (_, _low, high) => [0, Math.max(1, high * 1.1)] } },
    axes: [
      {
        ...axis,
        space: 80,
        size: 28,
        values: (_, splits) => splits.map((at) => new Date(at * 1000).toLocaleTimeString()),
      },
      { ...axis, size: 44 },
    ],
    series: [
      {},
      ...lines.map(({ label, colour, dash }) => ({
        label,
        stroke: property(colour),
        width: 2,
        points: { show: false },
        ...(dash === undefined ? {} : { dash }),
      })),
    ],
  }
}

/** Changes when the colours change, so that the canvas is redrawn. */
function useScheme(): boolean {
  const [query] = useState(() => matchMedia('(prefers-color-scheme: dark)'))
  const [isDark, setDark] = useState(query.matches)
  useEffect(() => {
    const listen = () => setDark(query.matches)
    query.addEventListener('change', listen)
    return () => query.removeEventListener('change', listen)
  }, [query])
  return isDark
}
