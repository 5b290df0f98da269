import type { Ending, FeatureResult } from './result.ts'

/** 0: all proved. 1: something is not proved. 2: could not judge. 130: interrupted. */
export type ExitCode = 0 | 1 | 2 | 130

/**
 * The exit code of a run. A failure outweighs what could not be judged. A skip is not a failure unless the feature was
 * required. A run that proved nothing at all could not judge.
 */
export function exitCode(ending: Ending, results: readonly FeatureResult[], required: ReadonlySet<string>): ExitCode {
  if (ending === 'interrupted') return 130
  if (results.some(({ verdict }) => verdict === 'failed' || verdict === 'not-proved')) return 1
  if (results.some(({ verdict, feature }) => verdict === 'skipped' && required.has(feature))) return 1
  if (ending === 'could-not-run' || results.some(({ verdict }) => verdict === 'error')) return 2
  return results.some(({ verdict }) => verdict === 'proved') ? 0 : 2
}
