import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { billOfMaterials } from '../../scripts/supply/bill-of-materials.ts'
import { lockedPackages } from '../../scripts/supply/lockfile.ts'
import { root } from './tools.ts'

/** Licences that only require keeping their text with a copy. */
const ALLOWED = new Set([
  'MIT',
  'ISC',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'BlueOak-1.0.0',
  '0BSD',
  'Python-2.0',
])
interface Manifest {
  name: string
  version: string
  license?: string
  scripts?: Record<string, string>
}

/** The manifest of an installed package; undefined if it is for another platform. */
async function manifestAt(path: string): Promise<Manifest | undefined> {
  const text = await readFile(join(root, path, 'package.json'), 'utf8').catch(() => undefined)
  return text === undefined ? undefined : (JSON.parse(text) as Manifest)
}

const packages = await lockedPackages()
const shipped = packages.filter(({ isProduction }) => isProduction)

test('the licence of each package that is shipped is known and allowed, and the same in the package itself', async () => {
  expect(shipped.length).toBeGreaterThan(40)
  expect(shipped.filter(({ license }) => !ALLOWED.has(license ?? ''))).toEqual([])
  const installed = await Promise.all(
    shipped.map(async ({ path, license }) => ({ path, license, own: (await manifestAt(path))?.license })),
  )
  const found = installed.filter(({ own }) => own !== undefined)
  expect(found.length).toBeGreaterThan(40)
  expect(found.filter(({ license, own }) => license !== own)).toEqual([])
})

test('no package that is shipped runs a script when it is installed', async () => {
  expect(packages.length).toBeGreaterThan(200)
  expect(shipped.filter(({ hasInstallScript }) => hasInstallScript)).toEqual([])
  // From the packages themselves, because the lockfile could be wrong.
  const manifests = (await Promise.all(shipped.map(({ path }) => manifestAt(path)))).filter((one) => one !== undefined)
  expect(manifests.length).toBeGreaterThan(40)
  const hooks = manifests.flatMap(({ name, scripts = {} }) =>
    ['preinstall', 'install', 'postinstall'].filter((hook) => hook in scripts).map((hook) => `${name}: ${hook}`),
  )
  expect(hooks).toEqual([])
})

test('what is installed is what is locked', async () => {
  // npm treats `v1.0.0` as `1.0.0`.
  const installed = await Promise.all(
    packages.map(async ({ path }) => (await manifestAt(path))?.version.replace(/^v/, '')),
  )
  expect(installed.filter((version) => version !== undefined).length).toBeGreaterThan(200)
  expect(packages.filter(({ version }, i) => (installed[i] ?? version) !== version)).toEqual([])
})

test('each package is locked to its bytes by SHA-512', () => {
  expect(packages.filter(({ integrity }) => !/^sha512-[\w+/]{86}==$/.test(integrity ?? ''))).toEqual([])
})

test('the bill of materials names each package that is shipped, with licence and hash, and none that is not', async () => {
  const { bomFormat, components } = await billOfMaterials()
  expect(bomFormat).toBe('CycloneDX')
  const foreign = components.filter((component) => !component['bom-ref'].startsWith('@linkerd-scenario/'))
  const listed = new Set(foreign.map((component) => component['bom-ref'].replace(/\|.*$/, '')))
  expect([...listed].toSorted()).toEqual(
    [...new Set(shipped.map(({ name, version }) => `${name}@${version}`))].toSorted(),
  )
  expect(
    foreign.filter(({ licenses, hashes }) => !licenses?.length || !hashes?.length).map(({ name }) => name),
  ).toEqual([])
})
