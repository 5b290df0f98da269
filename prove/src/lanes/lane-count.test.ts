import { expect, test } from 'vitest'
import { scriptedKubectl } from '../../testing/scripted-kubectl.ts'
import { FEATURES } from '../features/index.ts'
import { batchesOf } from './batches.ts'
import { forecastS } from './forecast.ts'
import { laneCount, lanesIn } from './lane-count.ts'
import { OTHER_PODS_S, SET_UP_S, typicalS } from './typical-durations.ts'

const GIB = 2 ** 30
const signal = new AbortController().signal
const room = (cores: number, freeCores: number, gib: number, pods: number) => ({
  total: { cores, memoryBytes: gib * GIB, pods },
  free: { cores: freeCores, memoryBytes: gib * GIB, pods },
})

test.each([
  ['four cores, nearly idle', room(4, 3.7, 6, 90), 4],
  ['four cores of which pods request most', room(4, 1.2, 6, 90), 2],
  ['two cores', room(2, 1.9, 6, 90), 2],
  ['two cores beside a control plane that requests one', room(2, 1, 6, 90), 1],
  ['one core', room(1, 1, 6, 90), 1],
  ['many cores', room(64, 60, 200, 90), 4],
  ['little memory', room(8, 7, 2, 90), 1],
  ['few pods left', room(8, 7, 20, 31), 2],
  ['nothing left', room(2, -1, 6, 90), 1],
  ['a figure that was not understood', room(2, Number.NaN, 6, 90), 1],
])('%s', (_name, one, lanes) => expect(lanesIn(one)).toBe(lanes))

test('one lane fewer than the most would be slower, and one more would gain nothing', () => {
  const most = lanesIn(room(64, 60, 200, 900))
  const batches = batchesOf(FEATURES)
  const longestS = Math.max(...batches.map(({ name }) => typicalS(name)))
  const quietS = batches.reduce((sum, { name, needsQuiet }) => sum + (needsQuiet === undefined ? 0 : typicalS(name)), 0)
  // Those that need quiet wait until the longest is over, however many lanes there are.
  const leastS = SET_UP_S + OTHER_PODS_S + longestS + quietS
  expect(forecastS(batches, most)).toBeLessThan(1.1 * leastS)
  expect(forecastS(batches, most - 1)).toBeGreaterThan(1.1 * leastS)
})

test('the cluster is asked unless the number is clear; without an answer, or with one batch, there is one lane', async () => {
  const four = 'Node a <none> <none> <none> <none> 4 8Gi 110 <none> <none> <none> <none>\n'
  const ask = async (
    lanes: number | undefined,
    features: number | readonly string[],
    inNamespace?: string,
    stdout = four,
  ) => {
    const { kubectl, commands } = scriptedKubectl(() => ({ stdout }))
    const chosen = FEATURES.filter(({ name }, at) =>
      typeof features === 'number' ? at < features : features.includes(name),
    )
    const count = await laneCount({ lanes, inNamespace }, chosen, kubectl, signal)
    return `${count.lanes} ${commands.length}: ${count.why}`
  }
  expect(await ask(undefined, 17)).toBe('4 1: the nodes have 4.0 of 4.0 cores and 8.0 GiB free')
  expect(await ask(undefined, 2)).toMatch(/^2 1/)
  expect(await ask(undefined, 17, undefined, '')).toBe('1 1: what the nodes have free cannot be seen')
  expect(await ask(undefined, 1)).toBe('1 0: there is one feature')
  expect(await ask(5, 17)).toBe('5 0: as asked for')
  expect(await ask(5, 2)).toBe('2 0: more would have nothing to do')
  // These two are measured at once.
  expect(await ask(2, ['rollout', 'slow-requests'])).toBe('1 0: more would have nothing to do')
  expect(await ask(undefined, ['rollout', 'slow-requests'])).toBe('1 0: all features are measured at once')
  expect(await ask(undefined, 17, 'team-a')).toBe('1 0: one namespace is given')
})
