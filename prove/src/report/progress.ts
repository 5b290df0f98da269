import type { Feature } from '../feature.ts'
import type { LaneWatcher } from '../run-context.ts'
import { NewWarnings } from './new-warnings.ts'
import { timeWording } from './wording.ts'

/** Shows a user what a run is doing. */
export interface Progress {
  /** Something is going on that belongs to no lane. */
  says: (text: string) => void
  /** A line that stays. */
  notes: (line: string) => void
  /** A line that stays, with --quiet too: without it the user cannot find what was left. */
  tells: (line: string) => void
  /** The features that the lanes will prove. */
  plans: (features: readonly Feature[]) => void
  /** A lane begins; `waitsFor` says what it waits for at that moment. */
  lane: (name: string, waitsFor: () => string | undefined) => LaneWatcher
  /** The lanes have ended: only lines that stay are shown. */
  stop: () => void
}

/** Progress as plain lines, for a log. */
export function lineProgress(stream: { write: (text: string) => unknown }): Progress {
  const notes = (line: string) => void stream.write(`${line}\n`)
  const warnings = new NewWarnings()
  return {
    says: notes,
    notes,
    tells: notes,
    plans: () => undefined,
    lane: (name) => ({
      starts: () => undefined,
      phase: () => undefined,
      ends: (result) => notes(endLine(result)),
      announces: (line, warning) => notes([`${name}: ${line}`, warnings.sentence(warning)].filter(Boolean).join(' ')),
    }),
    stop: () => undefined,
  }
}

/** No progress: the verdicts are printed at the end. */
export function quietProgress(stream: { write: (text: string) => unknown }): Progress {
  const nothing = () => undefined
  return {
    says: nothing,
    notes: nothing,
    tells: (line) => void stream.write(`${line}\n`),
    plans: nothing,
    lane: () => ({ starts: nothing, phase: nothing, ends: nothing, announces: nothing }),
    stop: nothing,
  }
}

/** The line that stays when a feature has ended. */
export function endLine(result: Parameters<LaneWatcher['ends']>[0]): string {
  return `${result.feature}: ${result.verdict} (${timeWording(result)})`
}
