import type { Feature } from './feature.ts'
import { proveFeature } from './prove-feature.ts'
import type { FeatureResult } from './report/result.ts'
import type { RunContext } from './run-context.ts'

/** Proves the features one after the other in one namespace. After an interrupt the current feature has no result. */
export async function proveFeatures(
  features: Iterable<Feature>,
  context: RunContext,
  onResult: (result: FeatureResult) => void,
): Promise<void> {
  for (const feature of features) {
    if (context.namespace.signal.aborted) return
    const result = await proveFeature(feature, context)
    if (context.namespace.signal.aborted) return
    onResult(result)
    context.watcher.ends(result)
  }
}
