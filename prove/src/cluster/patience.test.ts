import { expect, test } from 'vitest'
import type { PodObject } from './kubernetes-types.ts'
import { Patience } from './patience.ts'

const obstacle = { reason: 'no room', isCertain: false }
const ending: PodObject = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'old', deletionTimestamp: 'now' },
  spec: { containers: [] },
  status: {},
}

test('an obstacle is given its time, which starts again after it was gone or a pod freed resources', () => {
  let nowMs = 0
  const patience = new Patience(10, { now: () => nowMs })
  expect(patience.over(obstacle, [])).toBeUndefined()
  nowMs = 9
  expect(patience.over(obstacle, [ending])).toBeUndefined()
  nowMs = 12
  expect(patience.over(obstacle, [])).toBeUndefined()
  expect(patience.over(undefined, [])).toBeUndefined()
  nowMs = 23
  expect(patience.over(obstacle, [])).toBeUndefined()
  nowMs = 33
  expect(patience.over(obstacle, [])).toBe(obstacle)
})

test('a certain obstacle ends the wait at once', () => {
  const certain = { reason: 'no image', isCertain: true }
  expect(new Patience(10, { now: () => 0 }).over(certain, [ending])).toBe(certain)
})
