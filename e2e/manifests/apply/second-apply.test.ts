import { beforeEach, describe, expect, test } from 'vitest'
import { hasKubectl, NO_KUBECTL } from '../build.ts'
import { readObjects } from '../kube-object.ts'
import { secondApply } from './second-apply.ts'

const deployment = (spec: string) =>
  `{apiVersion: apps/v1, kind: Deployment, metadata: {name: a}, spec: {selector: {}, ${spec}}}`
const pod = (container: string) => deployment(`template: {spec: {containers: [{name: c, image: "i:1", ${container}}]}}`)
const route = (rule: string) =>
  `{apiVersion: gateway.networking.k8s.io/v1, kind: HTTPRoute, metadata: {name: a}, spec: {rules: [${rule}]}}`
const patches = async (yaml: string) => (await secondApply(readObjects(yaml))).map(({ patch }) => patch)

describe('a second apply', () => {
  beforeEach(({ skip }) => skip(!hasKubectl, NO_KUBECTL))

  test('keeps only the keys of a strategy that is written in part', async () => {
    expect(await patches(deployment('strategy: {rollingUpdate: {maxSurge: 1}}'))).toEqual([
      { spec: { strategy: { $retainKeys: ['rollingUpdate'] } } },
    ])
    expect(await patches(deployment('strategy: {type: RollingUpdate, rollingUpdate: {maxSurge: 1}}'))).toEqual([])
  })

  test('leaves alone what defaults add to entries of a list that has a key', async () => {
    expect(await patches(pod('ports: [{containerPort: 80}], readinessProbe: {httpGet: {port: 80}}'))).toEqual([])
  })

  test.each([
    ['an empty value', pod('env: [{name: A, value: ""}]')],
    ['a zero that is the default', pod('readinessProbe: {initialDelaySeconds: 0, httpGet: {port: 80}}')],
    ['a quantity in its long form', pod('resources: {requests: {cpu: 1000m}}')],
    [
      'a protocol left out of a list without a key',
      '{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: a}, spec: {podSelector: {}, ingress: [{ports: [{port: 1}]}]}}',
    ],
    ['a default of a custom resource, inside a list', route('{backendRefs: [{name: b, port: 1}]}')],
  ])('changes %s again', async (_, yaml) => {
    expect(await patches(yaml)).toHaveLength(1)
  })

  test('accepts a custom resource whose lists are complete', async () => {
    const backend = '{group: "", kind: Service, name: b, port: 1, weight: 1}'
    expect(
      await patches(route(`{matches: [{path: {type: PathPrefix, value: /}}], backendRefs: [${backend}]}`)),
    ).toEqual([])
  })

  test('reports only real changes of a disruption budget, though kubectl sends its selector each time', async () => {
    const budget = (spec: string) =>
      `{apiVersion: policy/v1, kind: PodDisruptionBudget, metadata: {name: a}, spec: {selector: {matchLabels: {a: b}}, ${spec}}}`
    expect(await patches(budget('maxUnavailable: 1'))).toEqual([])
    expect(await patches(budget('maxUnavailable: 1, unhealthyPodEvictionPolicy: ""'))).toHaveLength(1)
  })

  test('refuses a kind whose defaults are not known', async () => {
    await expect(patches('{apiVersion: v1, kind: Unheard, metadata: {name: a}}')).rejects.toThrow()
  })
})
