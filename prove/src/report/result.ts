import type { Wait } from '../cluster/waits.ts'
import type { Finding } from '../expectations/expectation.ts'
import type { Verdict } from './json-report.ts'
import type { Traffic } from './traffic.ts'

/** The result of a phase. */
export interface PhaseResult {
  state: string
  /** undefined if the phase waits for nothing. */
  settled: { converged: boolean; waitedMs: number; observations: number; looks: Look[] } | undefined
  findings: Finding[]
  /** The measured bursts; empty if nothing was measured. */
  traffic: Traffic[]
  durationMs: number
}

/** The outcomes of the calls of one observation during a wait. */
export interface Look {
  /** Milliseconds since the wait began. */
  atMs: number
  outcomes: Record<string, number>
}

/** The result of one feature. */
export interface FeatureResult {
  feature: string
  claim: string
  verdict: Verdict
  /** The reason in one sentence. */
  reason: string
  /** Services and proxies contradict each other. */
  witnessesDisagree: boolean
  on: PhaseResult | undefined
  control: PhaseResult | undefined
  hints: readonly string[]
  durationMs: number
  /** What the run waited for in the meantime, the longest first. */
  waits: readonly Wait[]
  /** Commands for bash with which a reader repeats both phases by hand. */
  commands: readonly string[]
  /** The features that were measured at the same time, with the same traffic; undefined if there were none. */
  measuredWith?: string[]
  /** Folder with logs, events and metrics, if they were kept. */
  evidence?: string
}

/** How a whole run ended. */
export type Ending = 'finished' | 'could-not-run' | 'interrupted'
