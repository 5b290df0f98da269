import { beforeAll, describe, expect, test } from 'vitest'
import { FEATURES } from '../../prove/src/features/index.ts'
import { readOptions } from '../../prove/src/options.ts'
import { bundles } from '../../scripts/release/bundles.ts'
import { render } from '../../scripts/release/render.ts'
import { hasKubectl, NO_KUBECTL } from './build.ts'
import { type KubeObject, readObjects } from './kube-object.ts'
import { validate } from './schemas/validate.ts'

const release = { registry: 'registry.example:5000/team', version: '1.2.3' }
const all = hasKubectl ? bundles() : []

interface Container {
  name: string
  image: string
  args?: string[]
}

/** The containers of every kind of workload. */
function containersOf(objects: readonly KubeObject[]): Container[] {
  return objects.flatMap((object) => {
    const { spec } = object as KubeObject & { spec?: { template?: { spec?: { containers?: Container[] } } } }
    return spec?.template?.spec?.containers ?? []
  })
}

test('a release has the base, the overlays, the prover, and the features that go beside a running base', ({ skip }) => {
  skip(!hasKubectl, NO_KUBECTL)
  const files = all.map(({ file }) => file)
  expect(files).toEqual([...new Set(files)])
  expect(files).toEqual(
    expect.arrayContaining(['base.yaml', 'demo.yaml', 'unmeshed.yaml', 'prover.yaml', 'feature-retries.yaml']),
  )
  // These change the base's own objects: beside it they would be half of one.
  expect(files).not.toContain('feature-circuit-breaking.yaml')
  expect(files).toContain('circuit-breaking.yaml')
})

describe.each(all)('$file', (bundle) => {
  let text = ''
  beforeAll(async () => {
    text = await render(bundle, release)
  }, 60_000)

  test('is valid, names its version, and its images are those of the release', () => {
    const objects = readObjects(text)
    expect(objects.length).toBeGreaterThan(0)
    expect(validate(objects)).toEqual([])
    expect(text).toMatch(/^# linkerd-scenario 1\.2\.3, made from k8s\//)
    for (const { name, image } of containersOf(objects)) {
      expect(image).toBe(`registry.example:5000/team/${name}-linkerd:1.2.3`)
    }
  })

  test('is the same when it is made again', async () => {
    expect(await render(bundle, release)).toBe(text)
  }, 60_000)
})

test('the files with workloads are those expected', async ({ skip }) => {
  skip(!hasKubectl, NO_KUBECTL)
  const workloads: Record<string, number> = {}
  for (const bundle of all.filter(({ folder }) => ['base', 'overlays/demo', 'prover'].includes(folder))) {
    workloads[bundle.file] = containersOf(readObjects(await render(bundle, release))).length
  }
  expect(workloads).toEqual({ 'base.yaml': 2, 'demo.yaml': 6, 'prover.yaml': 1 })
}, 60_000)

test('the prover of a release measures the services of the same release', async ({ skip }) => {
  skip(!hasKubectl, NO_KUBECTL)
  const prover = all.find(({ folder }) => folder === 'prover')
  if (prover === undefined) throw new Error('no prover')
  const [container] = containersOf(readObjects(await render(prover, release)))
  const args = (container?.args ?? []).map((arg) => arg.replaceAll('$(NAMESPACE)', 'mesh-proof'))
  const known = FEATURES.map(({ name }) => name)
  expect(readOptions(args, known)).toMatchObject({
    options: { registry: release.registry, tag: release.version, inNamespace: 'mesh-proof' },
  })
}, 60_000)
