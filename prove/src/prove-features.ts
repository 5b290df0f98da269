import type { Batch } from './lanes/batches.ts'
import { proveTogether } from './prove-feature.ts'
import type { FeatureResult } from './report/result.ts'
import type { RunContext } from './run-context.ts'

/** Proves the batches one after the other in one namespace. After an interrupt the current one has no result. */
export async function proveFeatures(
  batches: Iterable<Batch>,
  context: RunContext,
  onResult: (result: FeatureResult) => void,
): Promise<void> {
  for (const { features } of batches) {
    if (context.namespace.signal.aborted) return
    const results = await proveTogether(features, context)
    if (context.namespace.signal.aborted) return
    for (const result of results) {
      onResult(result)
      context.watcher.ends(result)
    }
  }
}
