import type { LiveCall } from '@linkerd-scenario/contract'
import { useRef } from 'preact/hooks'
import { KINDS, kindOf } from '../model/kind.ts'
import type { Model } from '../model/model.ts'
import { type Say, useText } from '../text/language.ts'
import { M } from '../text/messages.ts'
import { Cell } from './call-cell.tsx'
import { KIND_NAMES } from './kind-names.ts'
import { Shape } from './shape.tsx'
import { type HoldHandlers, useHeld } from './use-held.ts'

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
  const { held, handlers } = useHeld(model)
  const { cells } = held ?? model
  const isEmpty = cells.every((call) => call === undefined)
  return (
    <section class="card calls" id="calls" aria-labelledby="calls-title">
      <h2 id="calls-title">{say(M.calls)}</h2>
      {held !== undefined && !isEmpty && (
        <p class="hold" aria-hidden="true">
          {say(M.callsHeld)}
        </p>
      )}
      <p class="note">{isEmpty ? say(M.callsEmpty) : sampleNote(model, say)}</p>
      <Grid model={held ?? model} selected={selected} onSelect={onSelect} {...handlers} />
      <Legend cells={cells} />
      <Losses model={model} />
    </section>
  )
}

function Grid({ model, selected, onSelect, ...handlers }: Props & HoldHandlers) {
  const { say } = useText()
  const grid = useRef<HTMLDivElement>(null)
  const move = (event: KeyboardEvent) => {
    const from = Number((event.target as HTMLElement).dataset['place'])
    const to = nextPlace(event.key, from, model.cells, columnsOf(grid.current))
    if (to === undefined) return
    event.preventDefault()
    grid.current?.querySelector<HTMLElement>(`[data-place="${to}"]`)?.focus()
  }
  return (
    // biome-ignore lint/a11y/useSemanticElements: a set of buttons with one tab stop
    <div ref={grid} class="grid" role="group" aria-label={say(M.callsKeys)} onKeyDown={move} {...handlers}>
      <Cells model={model} selected={selected} onSelect={onSelect} />
    </div>
  )
}

function Cells({ model, selected, onSelect }: Props) {
  const { cells, head } = model
  const { say } = useText()
  const tabStop = tabStopOf(model, selected)
  return cells.map((call, place) => {
    const isGap = (place - head + cells.length) % cells.length < GAP
    if (call === undefined || isGap) return <span key={place} class="cell empty" />
    return (
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
  })
}

/** The cell that Tab reaches: that of the selected call, or else the newest. */
function tabStopOf({ cells, head }: Model, selected: LiveCall | undefined): number {
  const current = cells.findIndex((call) => call !== undefined && call.id === selected?.id)
  return current === -1 ? (head + cells.length - 1) % cells.length : current
}

function Legend({ cells }: Pick<Model, 'cells'>) {
  const { say } = useText()
  const kinds = KINDS.filter((kind) => kind !== 'other' || cells.some((call) => call && kindOf(call) === 'other'))
  return (
    <ul class="legend">
      {kinds.map((kind) => (
        <li key={kind}>
          <Shape kind={kind} /> {say(KIND_NAMES[kind])}
        </li>
      ))}
    </ul>
  )
}

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
