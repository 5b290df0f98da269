import { expect, test } from 'vitest'
import { type Script, scriptedKubectl } from '../../testing/scripted-kubectl.ts'
import type { DeploymentObject, KubeObject } from './kubernetes-types.ts'
import { labelled, RunObjects } from './run-objects.ts'

const service: KubeObject = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'provider-svc' } }
const deployment: DeploymentObject = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'provider-v1' },
  spec: {
    selector: { matchLabels: { app: 'provider' } },
    template: { metadata: { name: '', labels: { app: 'provider' } }, spec: { containers: [] } },
  },
}
const answering =
  (namespace: object, items: readonly KubeObject[]): Script =>
  (line) => ({ stdout: JSON.stringify(line.startsWith('get namespace') ? { metadata: namespace } : { items }) })

test('every object and every pod carries the run; selectors stay as they are', () => {
  const [one, two] = labelled([service, deployment], 'abc') as [KubeObject, DeploymentObject]
  expect(one.metadata.labels).toEqual({ 'linkerd-scenario/run': 'abc' })
  expect(two.spec.template.metadata.labels).toEqual({ app: 'provider', 'linkerd-scenario/run': 'abc' })
  expect(two.spec.selector.matchLabels).toEqual({ app: 'provider' })
})

test('only what carries the label of the run is removed, of the kinds that it has applied', async () => {
  const objects = new RunObjects('team-a', 'abc')
  const { kubectl, commands } = scriptedKubectl(() => ({ stdout: '{"items":[{"metadata":{}}]}' }))
  await objects.request(kubectl)
  expect(await objects.isAccepted(kubectl)).toBe(true)
  expect(commands).toEqual([])
  objects.willApply([service, deployment])
  await objects.request(kubectl)
  expect(await objects.isAccepted(kubectl)).toBe(false)
  await objects.untilGone(kubectl, 1000)
  expect(commands).toEqual([
    'delete service,deployment.apps -n team-a -l linkerd-scenario/run=abc --wait=false',
    'get service,deployment.apps -n team-a -l linkerd-scenario/run=abc -o json',
    'get pods -n team-a -l linkerd-scenario/run=abc -o json',
    'wait --for=delete pods -n team-a -l linkerd-scenario/run=abc --timeout=1s',
  ])
})

test.each<[string, Script, RegExp]>([
  [
    'an object of others',
    answering({ name: 'team-a' }, [service]),
    /Service\/provider-svc already, and a run would overwrite/,
  ],
  [
    'what an earlier run left',
    answering({ name: 'team-a' }, labelled([service], 'old')),
    /from an earlier run.*kubectl delete/,
  ],
  ['a namespace that ends', answering({ name: 'team-a', deletionTimestamp: 'now' }, []), /being terminated/],
  [
    'a namespace without injection',
    answering({ name: 'team-a', labels: { 'config.linkerd.io/admission-webhooks': 'disabled' } }, []),
    /admission-webhooks: disabled.*Remove the label/,
  ],
])('%s is refused before anything is applied', async (_name, script, words) => {
  const { kubectl, commands } = scriptedKubectl(script)
  await expect(new RunObjects('team-a', 'abc').refuseStrangers(kubectl, [service])).rejects.toThrow(words)
  expect(commands.every((command) => command.startsWith('get '))).toBe(true)
})
