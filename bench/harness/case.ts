import type { LoadTool } from './load.ts'
import type { Spread } from './statistics.ts'

/** How much is measured, and with what. */
export interface Effort {
  quick: boolean
  /** Pairs of measurements, subject and baseline in turn. */
  pairs: number
  /** Length of one measurement. */
  seconds: number
  drive: LoadTool
}

/** For cases beside the main ones: one pair where it has to be quick. */
export function lesser(effort: Effort): Effort {
  return effort.quick ? { ...effort, pairs: 1 } : effort
}

/** A line of the report. */
export interface Row {
  what: string
  unit: string
  subject: number
  baseline?: number
  /** Subject to baseline, within each pair. */
  ratio?: Spread
  /** What must hold, of the ratio where there is one, else of the subject. */
  floor?: Floor
}

export interface Floor {
  atMost?: number
  atLeast?: number
}

export interface CaseReport {
  rows: Row[]
  /** Answers that were wrong: then the figures mean nothing. */
  wrong: number
  notes?: string[]
}

export interface Case {
  name: string
  title: string
  run: (effort: Effort) => Promise<CaseReport>
}
