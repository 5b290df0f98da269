import type { LiveCall } from '@linkerd-scenario/contract'
import { memo } from 'preact/compat'
import { kindOf } from '../model/kind.ts'
import type { Say } from '../text/language.ts'
import { M } from '../text/messages.ts'
import { KIND_NAMES } from './kind-names.ts'
import { Shape } from './shape.tsx'

interface CellProps {
  place: number
  call: LiveCall
  say: Say
  isTabStop: boolean
  isSelected: boolean
  onSelect: (call: LiveCall) => void
}

/** One call as a button. It is drawn again only if something of it changes: the grid has hundreds. */
export const Cell = memo(
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
