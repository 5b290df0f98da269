import { expect, test } from 'vitest'
import { scriptedKubectl } from '../../testing/scripted-kubectl.ts'
import type { Output } from './kubectl.ts'
import { KubectlNamespace } from './kubectl-namespace.ts'
import type { DeploymentObject } from './kubernetes-types.ts'
import { Manifests } from './manifests.ts'
import { CLUSTER_PACE, systemClock as clock } from './pace.ts'
import { Waits } from './waits.ts'

const consumer: DeploymentObject = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'consumer-v1' },
  spec: {
    replicas: 1,
    selector: { matchLabels: {} },
    template: { metadata: { name: '' }, spec: { containers: [{ name: 'consumer', image: 'consumer:1.0' }] } },
  },
}

/** A namespace with a consumer, in whose container each command has the next of these ends. */
function namespaceWhereExec(ends: Partial<Output>[]) {
  const { signal } = new AbortController()
  const { kubectl, commands } = scriptedKubectl(() => ends.shift() ?? { stdout: 'done' }, signal)
  const manifests = new Manifests({
    k8s: '',
    folder: '',
    features: [],
    images: { registry: undefined, tag: '1.0' },
    run: 'abc',
    kubectl,
  })
  const waits = new Waits({ quietMs: 60_000, announce: () => undefined, lastWarning: async () => undefined })
  const namespace = new KubectlNamespace({
    name: 'test',
    kubectl,
    manifests,
    clock,
    pace: CLUSTER_PACE,
    signal,
    waits,
    seed: 1,
  })
  namespace.workloads.register([consumer])
  let measurements = 0
  const measure = () =>
    namespace.observe({}, async () => {
      measurements += 1
      return { facts: { printed: await namespace.exec('consumer-v1', ['node']) } }
    })
  return { measure, commands, measurements: () => measurements }
}

test('a command in a pod whose connection breaks is not run again by itself: the whole observation is', async () => {
  const broken = { code: 1, stderr: 'error: unexpected EOF' }
  const { measure, commands, measurements } = namespaceWhereExec([broken])
  expect((await measure()).facts).toMatchObject({ printed: 'done' })
  expect(measurements()).toBe(2)
  expect(commands).toEqual(Array.from({ length: 2 }, () => 'exec -n test deploy/consumer-v1 -c consumer -- node'))
})

test('a connection that breaks each time is an error in kubectl’s words', async () => {
  const broken = { code: 1, stderr: 'error: unexpected EOF' }
  const { measure, measurements } = namespaceWhereExec(Array.from({ length: 20 }, () => broken))
  await expect(measure()).rejects.toThrow(/exec -n test .* ended with 1: error: unexpected EOF/)
  expect(measurements()).toBe(3)
})

test('a command that fails in the pod is an error at once', async () => {
  const { measure, measurements } = namespaceWhereExec([{ code: 1, stderr: 'command terminated with exit code 1' }])
  await expect(measure()).rejects.toThrow('exit code 1')
  expect(measurements()).toBe(1)
})
