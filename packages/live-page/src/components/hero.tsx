import { useEffect, useRef, useState } from 'preact/hooks'
import { percentile } from '../model/counts.ts'
import type { Headline } from '../model/headline.ts'
import type { Model } from '../model/model.ts'
import type { Window } from '../model/window.ts'
import { useText } from '../text/language.ts'
import { M } from '../text/messages.ts'

interface Props {
  model: Model
  window: Window | undefined
  headline: Headline
}

/** The headline, and four key figures. */
export function Hero({ model, window, headline: { mood, title, detail } }: Props) {
  const { say, language } = useText()
  const spoken = useSeldom(`${title}. ${detail}`)
  const number = new Intl.NumberFormat(language, { maximumFractionDigits: 1 })
  const three = new Intl.NumberFormat(language, { maximumSignificantDigits: 3 })
  const ms = (value: number | null) => (value === null ? '–' : `${three.format(value)} ms`)
  const counts = model.connection === 'live' && model.state?.running ? window?.counts : undefined
  const success = counts && counts.ended > 0 ? `${number.format(100 * (1 - counts.failed / counts.ended))} %` : '–'
  const figures = [
    { value: counts && window ? number.format(counts.ended / window.seconds) : '–', name: say(M.rate) },
    { value: success, name: say(M.success) },
    { value: ms(counts ? percentile(counts, 0.5) : null), name: say(M.p50) },
    { value: ms(counts ? percentile(counts, 0.99) : null), name: say(M.p99) },
  ]
  return (
    <section class={`hero mood-${mood}`} aria-labelledby="headline">
      <div>
        <h1 id="headline">{title}</h1>
        <p class="detail">{detail}</p>
      </div>
      <dl class="figures" title={say(M.lastSeconds)}>
        {figures.map(({ value, name }) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <p class="hidden" role="status">
        {spoken}
      </p>
    </section>
  )
}

const SPEAK_MS = 8000

/** A text that changes at most every eight seconds, because a screen reader reads each change aloud. */
function useSeldom(text: string): string {
  const [shown, setShown] = useState(text)
  const latest = useRef(text)
  latest.current = text
  useEffect(() => {
    const timer = setInterval(() => setShown(latest.current), SPEAK_MS)
    return () => clearInterval(timer)
  }, [])
  return shown
}
