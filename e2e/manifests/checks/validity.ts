import { expect, test } from 'vitest'
import { groupOf, nameOf } from '../kube-object.ts'
import { crdValidators, hasCrds } from '../schemas/crds.ts'
import type { Validator } from '../schemas/problem.ts'
import { validate } from '../schemas/validate.ts'
import type { Built } from './built.ts'

const OF_THE_MESH = ['policy.linkerd.io', 'gateway.networking.k8s.io']
const crds: ReadonlyMap<string, Validator> = hasCrds() ? crdValidators() : new Map<string, Validator>()

/** Tests that a cluster would accept every field of the objects. */
export function validity({ objects }: Built): void {
  test('has objects, and each has a name of its own', () => {
    const names = objects().map(nameOf)
    expect(names).not.toEqual([])
    expect(names).toEqual([...new Set(names)])
  })

  test('is valid, with no unknown field', () => expect(validate(objects())).toEqual([]))

  // Without CRDs the `strictness` test is skipped, once, with the reason.
  if (hasCrds()) {
    test('is valid by the CRDs of the mesh', () => {
      // A Gateway is a waypoint of Istio: Linkerd installs no CRD of that kind.
      const ofTheMesh = objects().filter((object) => OF_THE_MESH.includes(groupOf(object)) && object.kind !== 'Gateway')
      expect(validate(ofTheMesh, crds)).toEqual([])
    })
  }

  test('leaves the namespace to who applies it', () => {
    expect(objects().filter(({ metadata }) => metadata.namespace !== undefined)).toEqual([])
  })
}

/** Tests that the objects are checked strictly against the CRDs, if there are any. */
export function strictness(): void {
  test('the CRDs in the folder CRD_SCHEMAS refuse unknown fields', ({ skip }) => {
    skip(!hasCrds(), 'no folder with the CRD schemas of a cluster: CRD_SCHEMAS names one')
    const server = { apiVersion: 'policy.linkerd.io/v1beta3', kind: 'Server', metadata: { name: 'a' } }
    const spec = { podSelector: {}, port: 'http' }
    expect(validate([Object.assign({}, server, { spec })], crds)).toEqual([])
    expect(validate([Object.assign({}, server, { spec: { ...spec, ports: 1 } })], crds)).not.toEqual([])
  })
}
