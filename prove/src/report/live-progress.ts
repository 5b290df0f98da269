import { createLogUpdate } from 'log-update'
import type { Progress } from './progress.ts'
import { endLine } from './progress.ts'
import { RunState } from './run-state.ts'

const EVERY_MS = 250
/** Columns of a terminal that does not tell. */
const COLUMNS = 80

/** Progress on a terminal: a line for each lane, written again and again below the lines that stay. */
export function liveProgress(stream: NodeJS.WriteStream, now = () => performance.now()): Progress {
  // The cursor stays visible: a run that is killed could not show it again.
  const live = createLogUpdate(stream, { showCursor: true })
  const warnings = new Set<string>()
  let state: RunState | undefined
  let saying = ''
  let timer: NodeJS.Timeout | undefined
  const draw = () => {
    const lines = state?.lines(now(), stream.columns ?? COLUMNS) ?? []
    live([...lines, saying].filter((line) => line !== '').join('\n'))
  }
  const stop = () => {
    clearInterval(timer)
    timer = undefined
    live.clear()
  }
  const says = (text: string) => {
    saying = text
    timer ??= setInterval(draw, EVERY_MS)
    draw()
  }
  const notes = (line: string) => {
    live.clear()
    stream.write(`${line}\n`)
    if (timer !== undefined) draw()
  }
  return {
    says,
    notes,
    plans: (features) => {
      state = new RunState(features, now())
    },
    lane: (name, waitsFor) => {
      state?.opens(name, waitsFor, now())
      says('')
      return {
        starts: (feature) => state?.starts(name, feature, now()),
        phase: (_feature, phase) => state?.phase(name, phase),
        ends: (result) => {
          state?.ends(name, now())
          notes(endLine(result))
        },
        // What is waited for stands in the lane's line; only what the cluster warns of is new.
        announces: (_line, warning) => {
          if (warning === undefined || warnings.has(warning)) return
          warnings.add(warning)
          notes(`Last warning of the cluster: ${warning}`)
        },
      }
    },
    stop: () => {
      stop()
      state = undefined
      saying = ''
    },
  }
}
