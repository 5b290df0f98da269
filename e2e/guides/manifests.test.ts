import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { type KubeObject, readObjects } from '../manifests/kube-object.ts'
import { crdValidators, hasCrds } from '../manifests/schemas/crds.ts'
import { kubernetesValidators } from '../manifests/schemas/kubernetes.ts'
import { typeOf } from '../manifests/schemas/problem.ts'
import { validate } from '../manifests/schemas/validate.ts'
import { root } from '../repository/tools.ts'
import { flaggerValidators } from './flagger-schemas.ts'

/** Manifests of guides that no folder of `k8s` has, because they need another product or a second cluster. */
const FOLDER = join(root, 'docs/guides/manifests')
const files = readdirSync(FOLDER)
const read = (file: string) => readObjects(readFileSync(file, 'utf8'))
const validators = new Map(Object.entries({ ...kubernetesValidators, ...flaggerValidators }))

test.each(files)('%s is valid', (file) => {
  const objects = read(join(FOLDER, file))
  expect(objects.length).toBeGreaterThan(0)
  expect(validate(objects, validators)).toEqual([])
})

const crds = hasCrds() ? crdValidators() : new Map()
const known = (file: string) => read(join(FOLDER, file)).filter((object) => crds.has(typeOf(object)))

// Without CRD_SCHEMAS there is none.
test.each(files.filter((file) => known(file).length > 0))('%s is valid by the CRDs of a cluster', (file) => {
  expect(validate(known(file), crds)).toEqual([])
})

test('the canary is about the provider as the base has it', () => {
  const objects = [...read(join(FOLDER, 'canary.yaml')), ...read(join(root, 'k8s/base/provider.yaml'))]
  const { targetRef, service, analysis } = specOf<CanarySpec>(objects, 'Canary')
  const [port] = specOf<{ ports: Record<string, unknown>[] }>(objects, 'Service').ports
  expect(nameOf(objects, 'Deployment')).toBe(targetRef.name)
  expect(nameOf(objects, 'Service')).toBe(service.name)
  expect(service).toMatchObject({ ...port, name: service.name, portName: port?.['name'] })
  expect(service.gatewayRefs).toEqual([{ group: 'core', kind: 'Service', name: service.name, port: service.port }])
  expect(analysis.metrics.map(({ templateRef }) => templateRef.name)).toEqual([nameOf(objects, 'MetricTemplate')])
})

test('its query asks for labels that the proxies have, or that Prometheus adds', () => {
  const { query } = specOf<{ query: string }>(read(join(FOLDER, 'canary.yaml')), 'MetricTemplate')
  const recorded = readFileSync(join(root, 'e2e/stand-in-mesh/recorded/metric-families.json'), 'utf8')
  const { response_total: labels = [] } = JSON.parse(recorded) as Record<string, string[]>
  const known = new Set([...labels.join(' ').split(' '), 'namespace', 'deployment'])
  const asked = [...query.matchAll(/(\w+)="/g)].map(([, label = '']) => label)
  expect(asked.length).toBeGreaterThan(6)
  expect(asked.filter((label) => !known.has(label))).toEqual([])
})

interface CanarySpec {
  targetRef: { name: string }
  service: { name: string; port: number; gatewayRefs: object[] }
  analysis: { metrics: { templateRef: { name: string } }[] }
}

function find(objects: readonly KubeObject[], kind: string): KubeObject {
  const found = objects.find((object) => object.kind === kind)
  if (found === undefined) expect.fail(`no ${kind}`)
  return found
}

const nameOf = (objects: readonly KubeObject[], kind: string) => find(objects, kind).metadata.name
const specOf = <Spec>(objects: readonly KubeObject[], kind: string) =>
  (find(objects, kind) as unknown as { spec: Spec }).spec
