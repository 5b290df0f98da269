import { expect, test } from 'vitest'
import { FEATURES } from '../../prove/src/features/index.ts'
import { BROKEN_MESHES } from '../stand-in-mesh/broken-meshes/index.ts'
import { isAll } from './extent.ts'
import { proveInWay } from './way.ts'

/** Fast features, which stand for all others unless every feature is proved against each mesh. */
const SENTINELS = ['injection', 'mtls-identity', 'authorization', 'retries', 'golden-metrics', 'header-routing']
const isWhole = process.env['PROVE_WHOLE'] === '1'
/** A sample of the catalogue, always the same, so that it does not fail because of an unrelated change. */
const EVERY = isAll ? 1 : 11
/** Nothing settles on this one, which takes two minutes: only in the whole run. */
const SLOW = 'every 25th call is refused'

const isInSample = ({ name }: { name: string }, index: number) => index % EVERY === 0 && (isAll || name !== SLOW)

test('there are at least thirty, and each feature is broken alone by one of them, where that is possible', () => {
  expect(BROKEN_MESHES.length).toBeGreaterThanOrEqual(30)
  const alone = new Set(BROKEN_MESHES.filter(({ denied }) => denied.length === 1).flatMap(({ denied }) => denied))
  const missing = FEATURES.map(({ name }) => name).filter((name) => !alone.has(name))
  // Some cannot be broken alone: nothing works without injection or discovery, balancing by rate limits is a kind of
  // balancing by latency, and a mesh that loses calls in a rollout loses the slow ones as well.
  expect(missing).toEqual(['injection', 'discovery', 'load-balancing', 'rollout'])
})

test.each(BROKEN_MESHES.filter(isInSample))('$name', async ({ behaviour, denied, says }) => {
  const features = FEATURES.map(({ name }) => name).filter(
    (name) => isWhole || denied.includes(name) || SENTINELS.includes(name),
  )
  const { results, exitCode, left } = await proveInWay(behaviour, features)
  const verdicts = results.map(({ feature, verdict, reason }) => ({ feature, verdict, reason }))
  const notProved = verdicts.filter(({ verdict }) => verdict !== 'proved')
  expect(
    notProved.map(({ feature }) => feature),
    JSON.stringify(notProved, null, 1),
  ).toEqual(features.filter((name) => denied.includes(name)))
  expect(notProved.filter(({ verdict }) => verdict !== 'failed' && verdict !== 'not-proved')).toEqual([])
  expect(notProved[0]?.reason).toMatch(says)
  expect(exitCode).toBe(1)
  expect(left).toEqual([])
})
