import { expect, test } from 'vitest'
import { fakeContext, fakeNamespace } from '../testing/fake-namespace.ts'
import { answered, observed, refused } from '../testing/fixtures.ts'
import { allFailWith, allSucceed } from './expectations/call-expectations.ts'
import { lateCalls } from './expectations/late-calls.ts'
import type { Observation } from './expectations/observation.ts'
import type { Feature } from './feature.ts'
import { batchesOf } from './lanes/batches.ts'
import { proveTogether } from './prove-feature.ts'
import { proveFeatures } from './prove-features.ts'
import type { FeatureResult } from './report/result.ts'
import type { RunContext } from './run-context.ts'

const good = observed(answered(10))
const bad = observed(refused(10, 503))

function feature(on: Observation, control: Observation, part: Partial<Feature> = {}): Feature {
  return {
    name: 'it',
    claim: 'It happens.',
    needs: [],
    workloads: {},
    decides: 'services',
    on: { state: 'with it', with: { path: 'features/it' }, steps: async () => on, expect: [allSucceed('calls')] },
    control: {
      state: 'without it',
      steps: async () => control,
      expect: [{ ...allSucceed('calls'), judge: () => ({ holds: true, seen: '' }) }],
    },
    hints: ['kubectl get pods -n NAMESPACE'],
    ...part,
  }
}

async function proveFeature(one: Feature, context: RunContext): Promise<FeatureResult> {
  const [result] = await proveTogether([one], context)
  if (result === undefined) throw new Error('there is a result for each feature')
  return result
}

test('on, then off, and the namespace is left with the base', async () => {
  const { namespace, done } = fakeNamespace()
  const proof = await proveFeature(feature(good, bad), fakeContext(namespace))
  expect(proof.verdict).toBe('proved')
  expect(done).toEqual(['ensure', 'compose features/it', 'compose nothing', 'compose nothing'])
})

test('the commands of a feature say which phase they belong to', async () => {
  const { namespace } = fakeNamespace()
  const context = fakeContext(namespace)
  const { byHand } = context
  const steps = (observation: Observation) => async () => {
    byHand.ran('consumer-v1', 'consumer', ['node'])
    return observation
  }
  const one = feature(good, bad)
  const on = { ...one.on, steps: steps(good) }
  const control = { ...one.control, steps: steps(bad) }
  const exec = 'kubectl -n test exec deployment/consumer-v1 -c consumer -- node'
  expect((await proveFeature({ ...one, on, control }, context)).commands).toEqual([
    '# On: with it',
    exec,
    '# Control: without it',
    exec,
  ])
  expect((await proveFeature(feature(good, bad), context)).commands).toEqual([])
})

test('a mesh that does it without being told proves nothing; one that does not do it fails', async () => {
  expect((await proveFeature(feature(good, good), fakeContext(fakeNamespace().namespace))).verdict).toBe('not-proved')
  expect((await proveFeature(feature(bad, bad), fakeContext(fakeNamespace().namespace))).verdict).toBe('failed')
})

test.each([
  ['with it', bad, observed(answered(10, { latencyMs: 700 })), good],
  ['without it', bad, bad, observed(answered(10, { latencyMs: 700 }))],
])('what is missed while calls are late %s is no verdict', async (state, missed, on, control) => {
  const shortOfTime = (observation: Observation) => lateCalls(observation, 'calls', 400)
  const never = { ...feature(on, control, { shortOfTime }) }
  never.on = { ...never.on, expect: [{ ...allSucceed('calls'), judge: () => allSucceed('calls').judge(missed) }] }
  const proof = await proveFeature(never, fakeContext(fakeNamespace().namespace))
  expect(proof.verdict).toBe('error')
  expect(proof.reason).toContain(`${state}, half of calls took over 700 ms, where 400 ms are enough`)
  const late = feature(observed(answered(10, { latencyMs: 700 })), bad, { shortOfTime })
  expect((await proveFeature(late, fakeContext(fakeNamespace().namespace))).verdict).toBe('proved')
})

test('an object that the controller refuses fails the feature, which is not measured', async () => {
  const never = { ...feature(good, bad) }
  never.on = { ...never.on, steps: () => Promise.reject(new Error('measured all the same')) }
  const proof = await proveFeature(never, fakeContext(fakeNamespace(false).namespace))
  expect(proof).toMatchObject({ verdict: 'failed', reason: 'Expected with it: it is accepted. Seen: its status.' })
})

test('a state that is never reached fails with what was seen last', async () => {
  const never = feature(good, bad)
  never.on = { ...never.on, settle: { steps: async () => bad, until: [allSucceed('calls')] } }
  const { verdict, reason } = await proveFeature(never, fakeContext(fakeNamespace().namespace))
  expect(verdict).toBe('failed')
  expect(reason).toMatch(/within 60 s: every call of calls is answered 200.*503: 10/)
})

test('what the services shed while it was measured is no verdict on the mesh; while it settled, it does no harm', async () => {
  const settling = feature(good, bad)
  settling.on = { ...settling.on, settle: { steps: async () => good, until: [allSucceed('calls')] } }
  const prove = (shed: number[]) => proveFeature(settling, fakeContext(fakeNamespace(true, shed).namespace))
  expect((await prove([4, 0, 0])).verdict).toBe('proved')
  const reasonOf = ({ verdict, reason }: FeatureResult) => `${verdict}: ${reason}`
  expect(reasonOf(await prove([0, 4, 0]))).toMatch(/^error: with it, the services themselves refused 4 requests/)
  expect(reasonOf(await prove([0, 0, 4]))).toMatch(/^error: without it, the services themselves refused 4 requests/)
})

test('a state that was never reached while services shed is not a verdict either', async () => {
  const never = feature(good, bad)
  never.on = { ...never.on, settle: { steps: async () => bad, until: [allSucceed('calls')] } }
  const { verdict, reason } = await proveFeature(never, fakeContext(fakeNamespace(true, [1]).namespace))
  expect(`${verdict}: ${reason}`).toMatch(/^error: .*refused 1 requests/)
})

test('features that are measured at once are measured once, and each has a verdict of its own', async () => {
  const { namespace, done } = fakeNamespace()
  const first = feature(good, bad)
  const other = allFailWith('calls', { status: 503, origin: 'mesh' })
  const second = { ...first, name: 'other', on: { ...first.on, expect: [other] } }
  const lacking = { ...first, name: 'lacking', needs: [{ crd: 'x', from: 'y' }] }
  const results = await proveTogether([first, second, lacking], fakeContext(namespace))
  expect(results.map(({ feature: name, verdict }) => `${name} ${verdict}`)).toEqual([
    'it proved',
    'other failed',
    'lacking skipped',
  ])
  expect(results.map(({ measuredWith, evidence }) => [measuredWith, evidence])).toEqual([
    [['other'], undefined],
    [['it'], 'folder'],
    [undefined, undefined],
  ])
  expect(done).toEqual(['ensure', 'compose features/it', 'compose nothing', 'compose nothing'])
})

test('what a pod shed that has gone meanwhile is no verdict either: the caller has a record of it', async () => {
  const shed = observed([...answered(9), ...answered(1, { status: 503, origin: 'provider', retryAfter: '1' })])
  const { verdict, reason } = await proveFeature(feature(shed, bad), fakeContext(fakeNamespace().namespace))
  expect(`${verdict}: ${reason}`).toMatch(/^error: with it, the services themselves refused 1 requests/)
})

test('a failure of the run itself is not a verdict on the mesh, and still cleans up', async () => {
  const cleaned: string[] = []
  const broken = feature(good, bad, { cleanup: async () => void cleaned.push('cleaned') })
  broken.on = { ...broken.on, steps: () => Promise.reject(new Error('the way is lost')) }
  const lacking = feature(good, bad, { name: 'other', needs: [{ crd: 'x', from: 'y' }] })
  const { namespace } = fakeNamespace()
  const results: FeatureResult[] = []
  await proveFeatures(
    batchesOf([broken, lacking, feature(good, bad, { name: 'third' })]),
    fakeContext(namespace),
    (result) => results.push(result),
  )
  expect(results).toMatchObject([
    {
      verdict: 'error',
      reason: 'the way is lost',
      evidence: 'folder',
      hints: ['The namespace says so.', 'kubectl get pods -n test'],
    },
    { verdict: 'skipped', reason: 'no x' },
    { verdict: 'proved' },
  ])
  expect(cleaned).toEqual(['cleaned'])
})
