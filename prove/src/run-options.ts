import type { Launcher } from './cluster/kubectl.ts'
import type { Clock, Pace } from './cluster/pace.ts'
import type { Feature } from './feature.ts'
import type { Options } from './options.ts'
import type { Progress } from './report/progress.ts'

/** What a run needs from outside: what to prove, access to the cluster, the clock, the user at the terminal. */
export interface RunOptions {
  options: Options
  features: readonly Feature[]
  launcher: Launcher
  /** The repository's k8s folder. */
  k8s: string
  clock: Clock
  pace: Pace
  /** Aborted by the first SIGINT, SIGTERM or SIGHUP. */
  signal: AbortSignal
  /** Aborted by the second signal: all waiting stops. */
  leave: AbortSignal
  progress: Progress
  /** Asks the user at the terminal; undefined without a terminal. */
  confirm: ((question: string) => Promise<boolean>) | undefined
}
