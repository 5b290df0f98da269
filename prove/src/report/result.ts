import type { Wait } from '../cluster/waits.ts'
import type { Finding } from '../expectations/expectation.ts'
import type { Traffic } from './traffic.ts'

/**
 * proved: seen with the feature on, and contradicted with it off. failed: not seen with it on. not-proved: seen with it
 * on, but the control did not say what it must, so that the mesh is not shown to be the cause. skipped: the cluster
 * lacks what the feature needs. error: the run itself could not go on, and says nothing of the mesh.
 */
export type Verdict = 'proved' | 'failed' | 'not-proved' | 'skipped' | 'error'

/** What a phase showed. */
export interface PhaseResult {
  state: string
  /** undefined where the phase waits for nothing. */
  settled: { converged: boolean; waitedMs: number; observations: number; looks: Look[] } | undefined
  findings: Finding[]
  /** The measured bursts; none where nothing was measured. */
  traffic: Traffic[]
  durationMs: number
}

/** One observation while a phase was waited for: what became of its calls. */
export interface Look {
  /** Milliseconds since the waiting began. */
  atMs: number
  outcomes: Record<string, number>
}

/** What became of one feature. */
export interface FeatureResult {
  feature: string
  claim: string
  verdict: Verdict
  /** Why, in one sentence. */
  reason: string
  /** The services' and the proxies' words contradict each other. */
  witnessesDisagree: boolean
  on: PhaseResult | undefined
  control: PhaseResult | undefined
  hints: readonly string[]
  durationMs: number
  /** What the run waited for meanwhile, the longest first. */
  waits: readonly Wait[]
  /** Commands that the feature ran, each to be repeated by hand. */
  commands: readonly string[]
  /** Folder with logs, events and metrics, where they were kept. */
  evidence?: string
}

/** How a whole run ended. */
export type Ending = 'finished' | 'could-not-run' | 'interrupted'
