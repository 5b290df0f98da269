import { type MeshPromise, PROMISES, type Traffic, type Verdict } from '@linkerd-scenario/contract/promises'
import { useMemo } from 'preact/hooks'
import { useText } from '../text/language.ts'
import { M } from '../text/messages.ts'

/** What the mesh seems to do at a glance: the promises that look on or off, as links to their rows. */
export function Verdicts({ traffic }: { traffic: Traffic | undefined }) {
  const { say } = useText()
  const seen = useMemo(() => (traffic === undefined ? [] : clearVerdicts(traffic)), [traffic])
  return (
    <nav class="verdicts" aria-label={say(M.verdicts)}>
      <ul>
        {seen.map(({ promise: { id, title }, verdict }) => (
          <li key={id}>
            <a class={verdict} href={`#${rowId(id)}`} onClick={() => openRow(id)}>
              <span class="verdict">{say(title)}</span>
              <span class="hidden">{say(verdict === 'looks-on' ? M.looksOn : M.looksOff)}</span>
            </a>
          </li>
        ))}
      </ul>
    </nav>
  )
}

/** The id of the row of a promise. */
export const rowId = (promise: string): string => `promise-${promise}`

function openRow(promise: string): void {
  document.getElementById(rowId(promise))?.setAttribute('open', '')
}

function clearVerdicts(traffic: Traffic): { promise: MeshPromise; verdict: Verdict }[] {
  return Object.values(PROMISES)
    .map((promise) => ({ promise, verdict: promise.judge(traffic).verdict }))
    .filter(({ verdict }) => verdict !== 'cannot-tell')
}
