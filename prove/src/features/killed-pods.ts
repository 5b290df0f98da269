import type { TestNamespace } from '../cluster/test-namespace.ts'
import type { Feature } from '../feature.ts'

/** Calls of one look; enough that a pod which is still among three endpoints is met. */
const CALLS = 20
/** Looks in a row without an error. */
const TIMES = 3

/**
 * For the clean-up after pods were killed at once: the mesh has them among its endpoints for a moment longer, and the
 * next feature must not meet them. Waits until calls through both tiers succeed, for a limited time. It decides nothing.
 */
export const untilForgotten: NonNullable<Feature['cleanup']> = async (namespace) => {
  const { clock, pace, signal } = namespace
  const startedAt = clock.now()
  for (let inRow = 0; inRow < TIMES && clock.now() - startedAt < pace.convergeMs / 4; ) {
    inRow = (await allSucceed(namespace)) ? inRow + 1 : 0
    await clock.sleep(pace.pollMs, signal)
  }
}

async function allSucceed(namespace: TestNamespace): Promise<boolean> {
  try {
    const { byStatus, total } = await namespace.burst('consumer-edge', { n: CALLS })
    return byStatus['200'] === total
  } catch {
    namespace.signal.throwIfAborted()
    return false
  }
}
