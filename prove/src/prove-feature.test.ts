import { expect, test } from 'vitest'
import { answered, observed, refused } from '../testing/fixtures.ts'
import { CLUSTER_PACE } from './cluster/pace.ts'
import type { TestNamespace } from './cluster/test-namespace.ts'
import { allSucceed } from './expectations/call-expectations.ts'
import type { Observation } from './expectations/observation.ts'
import type { Feature } from './feature.ts'
import { proveFeature } from './prove-feature.ts'
import { runFeatures } from './run-features.ts'

const good = observed(answered(10))
const bad = observed(refused(10, 503))

/** A namespace of which only the composing matters here; what it is asked to do is written down. */
function fakeNamespace(accepts = true, shed: number[] = []) {
  const done: string[] = []
  let nowMs = 0
  const namespace = {
    name: 'test',
    pace: CLUSTER_PACE,
    clock: {
      now: () => nowMs,
      sleep: async (ms: number) => {
        nowMs += ms
      },
    },
    signal: new AbortController().signal,
    takeShed: async () => shed.shift() ?? 0,
    ensure: async () => void done.push('ensure'),
    compose: async (component: { path: string } | undefined) => {
      done.push(`compose ${component?.path ?? 'nothing'}`)
      if (component === undefined) return []
      return [{ name: 'accepted', says: 'it is accepted', witness: 'cluster', holds: accepts, seen: 'its status' }]
    },
  } as unknown as TestNamespace
  return { namespace, done }
}

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

test('on, then off, and the namespace is left with the base', async () => {
  const { namespace, done } = fakeNamespace()
  const proof = await proveFeature(feature(good, bad), namespace, () => undefined)
  expect(proof.verdict).toBe('proved')
  expect(done).toEqual(['ensure', 'compose features/it', 'compose nothing', 'compose nothing'])
})

test('a mesh that does it without being told proves nothing; one that does not do it fails', async () => {
  expect((await proveFeature(feature(good, good), fakeNamespace().namespace, () => undefined)).verdict).toBe(
    'not-proved',
  )
  expect((await proveFeature(feature(bad, bad), fakeNamespace().namespace, () => undefined)).verdict).toBe('failed')
})

test('what the controller refuses fails, and is not measured', async () => {
  const never = { ...feature(good, bad) }
  never.on = { ...never.on, steps: () => Promise.reject(new Error('measured all the same')) }
  const proof = await proveFeature(never, fakeNamespace(false).namespace, () => undefined)
  expect(proof).toMatchObject({ verdict: 'failed', reason: 'Expected with it: it is accepted. Seen: its status.' })
})

test('what never settles fails with what was seen last', async () => {
  const never = feature(good, bad)
  never.on = { ...never.on, settle: { steps: async () => bad, until: [allSucceed('calls')] } }
  const { verdict, reason } = await proveFeature(never, fakeNamespace().namespace, () => undefined)
  expect(verdict).toBe('failed')
  expect(reason).toMatch(/within 60 s: every call of calls is answered 200.*503: 10/)
})

test('what the services shed while it was measured is no verdict on the mesh; while it settled, it does no harm', async () => {
  const settling = feature(good, bad)
  settling.on = { ...settling.on, settle: { steps: async () => good, until: [allSucceed('calls')] } }
  const prove = (shed: number[]) => proveFeature(settling, fakeNamespace(true, shed).namespace, () => undefined)
  expect((await prove([4, 0, 0])).verdict).toBe('proved')
  await expect(prove([0, 4, 0])).rejects.toThrow(/^with it, the services themselves refused 4 requests/)
  await expect(prove([0, 0, 4])).rejects.toThrow(/^without it, the services themselves refused 4 requests/)
})

test('what never settled, while services shed, is no verdict either', async () => {
  const never = feature(good, bad)
  never.on = { ...never.on, settle: { steps: async () => bad, until: [allSucceed('calls')] } }
  await expect(proveFeature(never, fakeNamespace(true, [1]).namespace, () => undefined)).rejects.toThrow(
    'refused 1 requests',
  )
})

test('what breaks in the run itself is no verdict on the mesh, and cleans up all the same', async () => {
  const cleaned: string[] = []
  const broken = feature(good, bad, { cleanup: async () => void cleaned.push('cleaned') })
  broken.on = { ...broken.on, steps: () => Promise.reject(new Error('the way is lost')) }
  const lacking = feature(good, bad, { name: 'other', needs: [{ crd: 'x', from: 'y' }] })
  const { namespace } = fakeNamespace()
  const results = await runFeatures(
    [broken, lacking, feature(good, bad)],
    {
      namespace,
      lacks: ({ crd }) => `no ${crd}`,
      keepEvidence: async () => 'folder',
      takeCommands: () => ['kubectl x'],
    },
    { starts: () => undefined, phase: () => undefined, ends: () => undefined },
  )
  expect(results).toMatchObject([
    {
      verdict: 'error',
      reason: 'the way is lost',
      evidence: 'folder',
      commands: ['kubectl x'],
      hints: ['kubectl get pods -n test'],
    },
    { verdict: 'skipped', reason: 'no x' },
    { verdict: 'proved' },
  ])
  expect(cleaned).toEqual(['cleaned'])
})
