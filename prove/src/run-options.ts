import type { Launcher } from './cluster/kubectl.ts'
import type { Clock, Pace } from './cluster/pace.ts'
import type { Feature } from './feature.ts'
import type { Options } from './options.ts'
import type { Progress } from './report/progress.ts'

/** What a run needs from outside: what to prove, the way to the cluster, the clock, the person at the terminal. */
export interface RunOptions {
  options: Options
  features: readonly Feature[]
  launcher: Launcher
  /** The repository's k8s folder. */
  k8s: string
  clock: Clock
  pace: Pace
  /** Aborted by Ctrl-C. */
  signal: AbortSignal
  progress: Progress
  /** Asks the person at the terminal; undefined where there is none. */
  confirm: ((question: string) => Promise<boolean>) | undefined
}
