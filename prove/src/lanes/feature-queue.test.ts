import { expect, test } from 'vitest'
import { FEATURES } from '../features/index.ts'
import { batchesOf } from './batches.ts'
import { FeatureQueue, type Queued, type Workloads } from './feature-queue.ts'

const BATCHES = batchesOf(FEATURES)
const names = BATCHES.map(({ name }) => name)

/** The order in which one lane would take all the features. */
function takenBy(queue: FeatureQueue<Queued>, running: Workloads = {}): string[] {
  const next = queue.take(running)
  return next === undefined ? [] : [next.name, ...takenBy(queue, next.workloads)]
}

test('one lane keeps the usual order', () => {
  expect(takenBy(new FeatureQueue(BATCHES, 1))).toEqual(names)
})

test('several lanes take the longest first, those that need quiet last, and none is lost or taken twice', () => {
  const order = takenBy(new FeatureQueue(BATCHES, 3))
  expect(order.toSorted()).toEqual(names.toSorted())
  expect(order[0]).toBe('rollout')
  const quiet = BATCHES.filter(({ needsQuiet }) => needsQuiet !== undefined).map(({ name }) => name)
  expect(order.slice(-quiet.length).toSorted()).toEqual(quiet.toSorted())
})

test('of two that take about as long, a lane takes the one whose pods it has', () => {
  const split: Queued = { name: 'a', workloads: { 'provider-v1': 1, 'provider-v2': 1 } }
  const three: Queued = { name: 'b', workloads: { 'provider-v1': 3 } }
  expect(new FeatureQueue([split, three], 2).take({ 'provider-v1': 3 })?.name).toBe('b')
  expect(new FeatureQueue([three, split], 2).take({ 'provider-v1': 1, 'provider-v2': 1 })?.name).toBe('a')
})

test('a feature that is given back is taken again, once', () => {
  const queue = new FeatureQueue(BATCHES, 2)
  const first = queue.take({})
  if (first === undefined) throw new Error('there are features')
  queue.giveBack(first)
  expect(queue.take({})).toBe(first)
  expect(takenBy(queue)).toHaveLength(names.length - 1)
})
