import { describe, expect, test } from 'vitest'
import { hasKubectl } from './build.ts'
import { allBuilds } from './builds.ts'
import { groupOf } from './kube-object.ts'
import { lint } from './lint/rule.ts'
import { rules } from './lint/rules.ts'
import { CRD_FOLDER, crdValidators, hasCrds } from './schemas/crds.ts'
import { validate } from './schemas/validate.ts'

// Mistakes on purpose: a control shows what happens without what the rule asks for.
const INTENDED: Record<string, string[]> = {
  'base + workloads/consumer-bypass': ['port-in-the-mesh Deployment/consumer-bypass'],
  'overlays/lab': ['port-in-the-mesh Deployment/consumer-bypass'],
  'overlays/circuit-breaking': ['port-in-the-mesh Deployment/consumer-bypass'],
  'base + components/instant-kill': ['drain-fits Deployment/consumer-v1', 'drain-fits Deployment/provider-v1'],
}
const OF_THE_MESH = ['policy.linkerd.io', 'gateway.networking.k8s.io']

test.skipIf(hasKubectl())('SKIPPED: no manifest was built, because there is no kubectl here', () => undefined)

describe.runIf(hasKubectl()).each(allBuilds())('$name', ({ name, objects: load }) => {
  const objects = load()

  test('has objects, and each has a name of its own', () => {
    const names = objects.map(({ kind, metadata }) => `${kind}/${metadata.name}`)
    expect(names).not.toEqual([])
    expect(names).toEqual([...new Set(names)])
  })

  test('is valid, with no unknown field', () => expect(validate(objects)).toEqual([]))

  test('has no mistake that the mesh would swallow', () => {
    const errors = lint(objects, rules).filter(({ level }) => level === 'error')
    const intended = INTENDED[name] ?? []
    expect(errors.map(({ rule, object }) => `${rule} ${object}`).toSorted(), JSON.stringify(errors)).toEqual(intended)
  })

  test('leaves the namespace to who applies it', () => {
    expect(objects.filter(({ metadata }) => metadata.namespace !== undefined)).toEqual([])
  })
})

describe.runIf(hasKubectl() && hasCrds())('against the CRDs', () => {
  const crds = hasCrds() ? crdValidators() : new Map()

  test.each(allBuilds())('$name', ({ objects: load }) => {
    const objects = load().filter((object) => OF_THE_MESH.includes(groupOf(object)))
    expect(validate(objects, crds)).toEqual([])
  })

  test('the CRDs are strict', () => {
    const server = { apiVersion: 'policy.linkerd.io/v1beta3', kind: 'Server', metadata: { name: 'a' } }
    const spec = { podSelector: {}, port: 'http' }
    expect(validate([{ ...server, spec } as typeof server], crds)).toEqual([])
    expect(validate([{ ...server, spec: { ...spec, ports: 1 } } as typeof server], crds)).not.toEqual([])
  })
})

test.skipIf(hasCrds())(
  `SKIPPED: no object was held against CRDs, because there are none in ${CRD_FOLDER}`,
  () => undefined,
)
