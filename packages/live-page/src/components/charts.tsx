import { useMemo } from 'preact/hooks'
import { failureText } from '../model/headline.ts'
import type { Sample } from '../model/model.ts'
import { chartData, OTHER } from '../model/series.ts'
import { type Say, useText } from '../text/language.ts'
import { M } from '../text/messages.ts'
import { type Line, LineChart } from './line-chart.tsx'

const DASHES = [undefined, [6, 4], [2, 4], [10, 3, 2, 3]]
const STEP_COLOURS = ['v1', 'v2', 'mesh', 'provider', 'network']

export function Charts({ samples }: { samples: readonly Sample[] }) {
  const { say, language } = useText()
  const data = useMemo(() => chartData(samples), [samples])
  const number = new Intl.NumberFormat(language, { maximumFractionDigits: 1 })
  const format = (value: number) => number.format(value)
  if (data.times.length < 2) {
    return (
      <section class="card charts" aria-labelledby="charts-title">
        <h2 id="charts-title">{say(M.charts)}</h2>
        <p class="note">{say(M.chartEmpty)}</p>
      </section>
    )
  }
  const results = data.results.map((series, index) => ({ ...series, ...looksOfResult(series.name, index, say) }))
  const latency = steps(data.latency, (name) => name)
  const attempts = steps(data.attempts, (name) =>
    name === OTHER ? say(M.otherAttempts) : say(M.attemptN, { n: name }),
  )
  return (
    <section class="card charts" aria-labelledby="charts-title">
      <h2 id="charts-title">{say(M.charts)}</h2>
      <div class="three">
        <LineChart title={say(M.chartRate)} times={data.times} lines={results} format={format} />
        <LineChart title={say(M.chartLatency)} times={data.times} lines={latency} format={format} />
        <LineChart title={say(M.chartAttempts)} times={data.times} lines={attempts} format={format} />
      </div>
    </section>
  )
}

function looksOfResult(name: string, index: number, say: Say): Pick<Line, 'label' | 'colour' | 'dash'> {
  if (name === 'ok') return { label: say(M.ok), colour: 'v1' }
  const origin = name.split(' ')[1] ?? ''
  const colour = ['provider', 'mesh', 'network', 'consumer'].includes(origin) ? origin : 'other'
  const dash = DASHES[index % DASHES.length]
  return { label: failureText(name, say), colour, ...(dash === undefined ? {} : { dash }) }
}

function steps(
  series: readonly { name: string; values: (number | null)[] }[],
  label: (name: string) => string,
): Line[] {
  return series.map((one, index) => {
    const dash = DASHES[index % DASHES.length]
    const colour = one.name === OTHER ? 'other' : (STEP_COLOURS[index % STEP_COLOURS.length] ?? 'v1')
    return { ...one, label: label(one.name), colour, ...(dash === undefined ? {} : { dash }) }
  })
}
