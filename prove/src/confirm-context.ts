import { CannotRun, looksLikeProduction } from './cluster/preflight.ts'
import type { RunOptions } from './run-options.ts'

/** Whether the user has said --yes, or can be asked. */
interface Asking extends Pick<RunOptions, 'confirm'> {
  options: Pick<RunOptions['options'], 'yes'>
}

/**
 * Asks `question` where the name of the context suggests that other people depend on the cluster. Rejects with a
 * CannotRun unless the answer is yes.
 */
export async function confirmContext(context: string, question: string, { options, confirm }: Asking): Promise<void> {
  if (options.yes || !looksLikeProduction(context)) return
  if (confirm !== undefined && (await confirm(`The context ${context} looks like production. ${question}`))) return
  throw new CannotRun(
    `The context ${context} looks like production: say --yes if it is meant, or name another --context.`,
  )
}
