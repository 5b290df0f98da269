import { beforeAll, describe, expect, test } from 'vitest'
import { secondApply } from './apply/second-apply.ts'
import { build, hasKubectl, NO_KUBECTL } from './build.ts'
import { allBuilds } from './builds.ts'
import { agreement } from './checks/agreement.ts'
import { hardening } from './checks/hardening.ts'
import { inTheMesh } from './checks/mesh.ts'
import { strictness, validity } from './checks/validity.ts'
import type { KubeObject } from './kube-object.ts'

// All checks are in one file, so that kubectl builds each folder once.
test('there is something to build, and a kubectl to build it (without one no build is tested)', ({ skip }) => {
  skip(!hasKubectl, NO_KUBECTL)
  expect(allBuilds().length).toBeGreaterThan(20)
})

describe('schemas of the mesh', strictness)

/** The built objects, by the build's name. */
const builds = new Map<string, KubeObject[]>()

describe.each(hasKubectl ? allBuilds() : [])('$name', (composition) => {
  let objects = (): KubeObject[] => []
  beforeAll(() => {
    try {
      const built = build(composition)
      objects = () => built
      builds.set(composition.name, built)
    } catch (error) {
      // Thrown in each test, because a failure here would count the tests as skipped.
      objects = () => {
        throw error
      }
    }
  }, 60_000)

  const given = { name: composition.name, objects: () => objects() }
  validity(given)
  inTheMesh(given)
  agreement(given)
  hardening(given)
})

test('a second `kubectl apply` of each build says `unchanged`', { timeout: 120_000 }, async ({ skip }) => {
  skip(!hasKubectl, NO_KUBECTL)
  // One namespace per build, so that two kubectl processes are enough for all.
  const names = [...builds.keys()]
  const all = [...builds.values()].flatMap((objects, index) =>
    objects.map((object) => ({ ...object, metadata: { ...object.metadata, namespace: `build-${index}` } })),
  )
  const changes = (await secondApply(all)).map(({ path, patch }) => {
    const [, index = '', object] = /build-(\d+)\/(.+)$/.exec(path) ?? []
    return `${names[Number(index)]}: ${object} ${JSON.stringify(patch)}`
  })
  expect(names).toHaveLength(allBuilds().length)
  expect(changes).toEqual([])
})
