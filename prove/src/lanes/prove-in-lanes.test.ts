import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { fakeContext, fakeNamespace } from '../../testing/fake-namespace.ts'
import { ByHand } from '../by-hand/by-hand.ts'
import { NamedFiles } from '../by-hand/named-files.ts'
import type { Feature } from '../feature.ts'
import type { FeatureResult } from '../report/result.ts'
import type { Batch } from './batches.ts'
import { type OpeningLane, proveInLanes } from './prove-in-lanes.ts'

/** Features that cannot be measured here: what matters is in which lane they are. */
const features = ['a', 'b', 'c', 'd', 'e'].map((name): Feature => ({ ...someFeature(), name }))

function someFeature(): Feature {
  const steps = () => sleep(5).then(() => Promise.reject(new Error('not in this test')))
  const phase = { state: 'here', steps, expect: [] }
  return { name: '', claim: '', needs: [], workloads: {}, decides: 'services', on: phase, control: phase, hints: [] }
}

const lane = (name: string, fails?: Error): OpeningLane => ({
  name,
  open: async () => {
    if (fails !== undefined) throw fails
    const byHand = new ByHand({ namespace: name, lane: name, files: new NamedFiles() })
    const { namespace, ...context } = fakeContext(fakeNamespace().namespace)
    const ensure = async () => byHand.settled([name])
    return { ...context, namespace: { ...namespace, ensure }, byHand }
  },
})

async function proven(lanes: readonly OpeningLane[]) {
  const results: FeatureResult[] = []
  const lost: string[] = []
  const opened = await proveInLanes(lanes, features, {
    onResult: (result) => results.push(result),
    onLost: (name, { message }) => lost.push(`${name}: ${message}`),
  })
  return {
    opened,
    lost,
    names: results.map(({ feature }) => feature).toSorted(),
    lanes: new Set(results.map((one) => one.commands[0]?.split(' ')[2])),
  }
}

test('each feature is proved once, and every lane has its part', async () => {
  const { opened, names, lanes, lost } = await proven([lane('one'), lane('two')])
  expect({ opened, names, lost }).toEqual({ opened: ['one', 'two'], names: ['a', 'b', 'c', 'd', 'e'], lost: [] })
  expect(lanes).toEqual(new Set(['one', 'two']))
})

test('a lane that cannot be opened is reported, and the others take its features', async () => {
  const { opened, names, lost } = await proven([lane('one'), lane('two', new Error('no room')), lane('three')])
  expect({ opened, names, lost }).toEqual({
    opened: ['one', 'three'],
    names: ['a', 'b', 'c', 'd', 'e'],
    lost: ['two: no room'],
  })
})

test('also if it fails after the others have ended', async () => {
  const failing = lane('late', new Error('no room'))
  const late = { ...failing, open: (first: Batch) => sleep(200).then(() => failing.open(first)) }
  const { names, lost } = await proven([lane('one'), late])
  expect({ names, lost }).toEqual({ names: ['a', 'b', 'c', 'd', 'e'], lost: ['late: no room'] })
})

test('if none can be opened, the reason is the first', async () => {
  await expect(proven([lane('one', new Error('no room')), lane('two', new Error('either'))])).rejects.toThrow('no room')
})
