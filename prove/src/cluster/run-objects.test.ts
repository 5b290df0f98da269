import { expect, test } from 'vitest'
import { type Script, scriptedKubectl } from '../../testing/scripted-kubectl.ts'
import { type DeploymentObject, type KubeObject, resourceOf } from './kubernetes-types.ts'
import { labelled, RUN_LABEL, RunObjects } from './run-objects.ts'

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
const policy: KubeObject = {
  apiVersion: 'policy.linkerd.io/v1beta3',
  kind: 'Server',
  metadata: { name: 'provider-http' },
}
const answering =
  (namespace: object, items: readonly KubeObject[]): Script =>
  (line) => {
    if (line.startsWith('get namespace')) return { stdout: JSON.stringify({ metadata: namespace }) }
    const [, resource, , , , label] = line.split(' ')
    const isAsked = (object: KubeObject) =>
      resourceOf(object) === resource && (label !== RUN_LABEL || object.metadata.labels?.[RUN_LABEL] !== undefined)
    return { stdout: JSON.stringify({ items: items.filter(isAsked) }) }
  }

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
  expect(objects.remedy).toContain('`prove --clean --in-namespace team-a`')
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
    /has Service\/provider-svc from another run.*`prove --clean --in-namespace team-a`/,
  ],
  [
    'a policy that a run of another feature left',
    answering({ name: 'team-a' }, labelled([policy], 'old')),
    /has Server\/provider-http from another run/,
  ],
  [
    'an object of others beside what a run left',
    answering({ name: 'team-a' }, [service, ...labelled([policy], 'old')]),
    /has Service\/provider-svc already, and a run would overwrite/,
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

test('an object of others of a name or kind that the run does not apply is no matter, nor what it may not list', async () => {
  const other = { ...service, metadata: { name: 'their-own' } }
  const there = answering({ name: 'team-a' }, [other, policy])
  const { kubectl } = scriptedKubectl((line, input) =>
    line.startsWith('get egress') ? { code: 1, stderr: 'Error from server (Forbidden): no' } : there(line, input),
  )
  await new RunObjects('team-a', 'abc').refuseStrangers(kubectl, [service])
  await expect(
    new RunObjects('team-a', 'abc').refuseStrangers(kubectl, [
      { apiVersion: 'policy.linkerd.io/v1alpha1', kind: 'EgressNetwork', metadata: { name: 'all' } },
    ]),
  ).rejects.toThrow('Forbidden')
})
