import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { billOfMaterials } from '../../scripts/supply/bill-of-materials.ts'
import { lockedPackages } from '../../scripts/supply/lockfile.ts'
import { root } from './tools.ts'

/** Licences that ask for no more than their text beside a copy. */
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
const packages = await lockedPackages()
const shipped = packages.filter(({ isProduction }) => isProduction)

test('the licence of each package that is shipped is known and allowed, and the same in the package itself', async () => {
  expect(shipped.length).toBeGreaterThan(40)
  expect(shipped.filter(({ license }) => !ALLOWED.has(license ?? ''))).toEqual([])
  const installed = await Promise.all(
    shipped.map(async ({ name }) => {
      const text = await readFile(join(root, 'node_modules', name, 'package.json'), 'utf8').catch(() => undefined)
      return text === undefined ? undefined : (JSON.parse(text) as { license?: string }).license
    }),
  )
  const found = installed.filter((license) => license !== undefined)
  expect(found.length).toBeGreaterThan(40)
  expect(found.filter((license) => !ALLOWED.has(license))).toEqual([])
})

test('no package that is shipped runs a script when it is installed', async () => {
  expect(packages.length).toBeGreaterThan(200)
  expect(shipped.filter(({ hasInstallScript }) => hasInstallScript)).toEqual([])
  // What a package says of itself; the lockfile could have been told otherwise.
  const manifests = await Promise.all(
    shipped.map(({ name }) => readFile(join(root, 'node_modules', name, 'package.json'), 'utf8').catch(() => '{}')),
  )
  const hooks = manifests.flatMap((text) => {
    const { name, scripts = {} } = JSON.parse(text) as { name?: string; scripts?: Record<string, string> }
    return ['preinstall', 'install', 'postinstall'].filter((hook) => hook in scripts).map((hook) => `${name}: ${hook}`)
  })
  expect(hooks).toEqual([])
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

/** Withdrawn or known to be broken, as far as it can be known without a network: add what an advisory names. */
const REFUSED: Record<string, RegExp> = {
  // 5.9.0 to 5.11.0 destroy what is in flight when they close (fastify#6669).
  fastify: /^5\.(9|10)\.|^5\.11\.0$/,
}

test('no version is shipped that is known to be broken', () => {
  for (const { name, version } of shipped)
    expect(REFUSED[name]?.test(version) ?? false, `${name}@${version}`).toBe(false)
  for (const name of Object.keys(REFUSED)) expect(shipped.map((one) => one.name)).toContain(name)
})
