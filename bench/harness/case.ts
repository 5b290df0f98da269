import type { LoadTool } from './load.ts'
import type { Spread } from './statistics.ts'

/** How much to measure, and with what tool. */
export interface Effort {
  quick: boolean
  /** Pairs of measurements: subject and baseline in turn. */
  pairs: number
  /** Length of one measurement. */
  seconds: number
  drive: LoadTool
}

/** For secondary cases: a single pair with --quick. */
export function reduced(effort: Effort): Effort {
  return effort.quick ? { ...effort, pairs: 1 } : effort
}

/** A line of the report. */
export interface Row {
  what: string
  unit: string
  subject: number
  baseline?: number
  /** The ratio of subject to baseline, within each pair. */
  ratio?: Spread
  /** The required limit: of the ratio if there is one, otherwise of the subject. */
  mustBe?: Bounds
}

export interface Bounds {
  atMost?: number
  atLeast?: number
}

export interface CaseReport {
  rows: Row[]
  /** Wrong answers: if there are any, the figures are meaningless. */
  wrong: number
  notes?: string[]
}

export interface Case {
  name: string
  title: string
  run: (effort: Effort) => Promise<CaseReport>
}
