import type { LiveCall } from '@linkerd-scenario/contract'
import { memo } from 'preact/compat'
import { useRef, useState } from 'preact/hooks'
import { KINDS, kindOf } from '../model/kind.ts'
import type { Model } from '../model/model.ts'
import { type Say, useText } from '../text/language.ts'
import { M } from '../text/messages.ts'
import { KIND_NAMES } from './kind-names.ts'
import { Shape } from './shape.tsx'

interface Props {
  model: Model
  selected: LiveCall | undefined
  onSelect: (call: LiveCall) => void
}

/** Empty cells before the oldest one, so that you can see where the newest are. */
const GAP = 4

/** The last calls as cells. They stop moving while the pointer or the keyboard is on them. */
export function CallsGrid({ model, selected, onSelect }: Props) {
  const { say } = useText()
  const [held, setHeld] = useState<Model>()
  const [isFocused, setFocused] = useState(false)
  const [isHovered, setHovered] = useState(false)
  const isHeld = (isFocused || isHovered) && held !== undefined
  const { cells, head } = isHeld ? held : model
  const hold = () => setHeld((before) => (isHeld ? before : model))
  const current = cells.findIndex((call) => call !== undefined && call.id === selected?.id)
  const newest = cells.findIndex((_, place) => place === (head + cells.length - 1) % cells.length)
  const tabStop = current === -1 ? newest : current
  const grid = useRef<HTMLDivElement>(null)
  const move = (event: KeyboardEvent) => {
    const from = Number((event.target as HTMLElement).dataset['place'])
    const to = nextPlace(event.key, from, cells, columnsOf(grid.current))
    if (to === undefined) return
    event.preventDefault()
    grid.current?.querySelector<HTMLElement>(`[data-place="${to}"]`)?.focus()
  }
  const isEmpty = cells.every((call) => call === undefined)
  return (
    <section class="card calls" id="calls" aria-labelledby="calls-title">
      <h2 id="calls-title">{say(M.calls)}</h2>
      <p class="note">{isEmpty ? say(M.callsEmpty) : sampleNote(model, say)}</p>
      {/* biome-ignore lint/a11y/useSemanticElements: a set of buttons with one tab stop */}
      <div
        ref={grid}
        class={isHeld ? 'grid held' : 'grid'}
        role="group"
        aria-label={say(M.callsKeys)}
        onPointerEnter={() => {
          hold()
          setHovered(true)
        }}
        onPointerLeave={() => setHovered(false)}
        onFocusIn={() => {
          hold()
          setFocused(true)
        }}
        onFocusOut={() => setFocused(false)}
        onKeyDown={move}
      >
        {cells.map((call, place) => {
          const isGap = (place - head + cells.length) % cells.length < GAP
          return call === undefined || isGap ? (
            <span key={place} class="cell empty" />
          ) : (
            <Cell
              key={place}
              place={place}
              call={call}
              say={say}
              isTabStop={place === tabStop}
              isSelected={call.id === selected?.id}
              onSelect={onSelect}
            />
          )
        })}
      </div>
      <p class="hold" aria-hidden="true">
        {isHeld && !isEmpty ? say(M.callsHeld) : ' '}
      </p>
      <ul class="legend">
        {KINDS.filter((kind) => kind !== 'other' || cells.some((call) => call && kindOf(call) === 'other')).map(
          (kind) => (
            <li key={kind}>
              <Shape kind={kind} /> {say(KIND_NAMES[kind])}
            </li>
          ),
        )}
      </ul>
      <Losses model={model} />
    </section>
  )
}

interface CellProps {
  place: number
  call: LiveCall
  say: Say
  isTabStop: boolean
  isSelected: boolean
  onSelect: (call: LiveCall) => void
}

const Cell = memo(
  ({ place, call, say, isTabStop, isSelected, onSelect }: CellProps) => {
    const kind = kindOf(call)
    const figures = {
      id: call.id,
      status: call.status ?? say(M.noAnswer),
      kind: say(KIND_NAMES[kind]),
      ms: call.latencyMs,
    }
    return (
      <button
        type="button"
        class="cell"
        data-place={place}
        data-kind={kind}
        tabIndex={isTabStop ? 0 : -1}
        aria-pressed={isSelected}
        aria-label={say(M.callLabel, { ...figures, status: String(figures.status) })}
        onClick={() => onSelect(call)}
      >
        <Shape kind={kind} />
      </button>
    )
  },
  (before, after) =>
    before.call === after.call &&
    before.say === after.say &&
    before.isTabStop === after.isTabStop &&
    before.isSelected === after.isSelected,
)

function Losses({ model: { batch } }: { model: Model }) {
  const { say } = useText()
  if (batch === undefined) return null
  const { totals, dropped } = batch
  const lines = [
    ...(totals.shed > 0 ? [say(M.shed, { n: totals.shed })] : []),
    ...(totals.late > 0 ? [say(M.late, { n: totals.late })] : []),
    ...(dropped > 0 ? [say(M.dropped, { n: dropped })] : []),
  ]
  return lines.length === 0 ? null : <p class="note losses">{lines.join(' ')}</p>
}

function sampleNote({ cells, batch }: Model, say: Say): string {
  const ids = cells.flatMap((call) => (call === undefined ? [] : [call.id]))
  const of = Math.max(...ids) - Math.min(...ids) + 1
  const isSample = (batch?.totals.ended ?? 0) > 0 && of > 1.2 * ids.length
  return isSample ? say(M.callsSample, { shown: ids.length, of }) : say(M.callsAll)
}

function columnsOf(grid: HTMLElement | null): number {
  return grid === null ? 1 : getComputedStyle(grid).gridTemplateColumns.split(' ').length
}

/** The index that an arrow key moves to; undefined if it moves nowhere. */
function nextPlace(key: string, from: number, cells: Model['cells'], columns: number): number | undefined {
  const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns }[key]
  if (step === undefined) return undefined
  for (let place = from + step; place >= 0 && place < cells.length; place += step) {
    if (cells[place] !== undefined) return place
  }
  return undefined
}
