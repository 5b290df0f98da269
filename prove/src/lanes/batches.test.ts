import { expect, test } from 'vitest'
import { FEATURES } from '../features/index.ts'
import { batchesOf } from './batches.ts'

test('features that are measured at once are one batch, every other is one of its own, and the order stays', () => {
  const names = batchesOf(FEATURES).map(({ features }) => features.map(({ name }) => name))
  expect(names.flat()).toEqual(FEATURES.map(({ name }) => name))
  expect(names.filter(({ length }) => length > 1)).toEqual([['rollout', 'slow-requests']])
})

test('what the features of a batch share is the same for all of them', () => {
  for (const { features } of batchesOf(FEATURES)) {
    const shared = features.map(({ workloads, needs, cleanup, needsQuiet, on, control }) => [
      { workloads, needs, cleanup, needsQuiet },
      [on, control].map(({ expect: _own, ...phase }) => phase),
    ])
    for (const one of shared) expect(one).toEqual(shared[0])
  }
})
