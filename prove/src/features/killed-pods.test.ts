import { expect, test } from 'vitest'
import { fakeNamespace } from '../../testing/fake-namespace.ts'
import { answered, refused, reportOf } from '../../testing/fixtures.ts'
import { CLUSTER_PACE } from '../cluster/pace.ts'
import type { TestNamespace } from '../cluster/test-namespace.ts'
import { untilForgotten } from './killed-pods.ts'

/** Cleans up where the bursts have these outcomes, and then the last one again and again. Returns the number of bursts. */
async function bursts(outcomes: readonly (boolean | Error)[]): Promise<number> {
  let count = 0
  const burst = async () => {
    const outcome = outcomes[Math.min(count, outcomes.length - 1)]
    count += 1
    if (outcome instanceof Error) throw outcome
    return reportOf(outcome === true ? answered(20) : [...answered(19), ...refused(1, 502)])
  }
  await untilForgotten({ ...fakeNamespace().namespace, burst } as TestNamespace)
  return count
}

test('it ends after three bursts in a row without an error', async () => {
  expect(await bursts([true])).toBe(3)
  expect(await bursts([false, true, true, false, new Error('the connection broke'), true])).toBe(8)
})

test('a mesh that never forgets does not hold up the run', async () => {
  expect(await bursts([false])).toBe(CLUSTER_PACE.convergeMs / 4 / CLUSTER_PACE.pollMs)
})
