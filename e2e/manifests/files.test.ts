import { lstatSync, readFileSync, realpathSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { filesBelow, findKustomizations, MANIFESTS } from './build.ts'
import { nameOf, readObjects } from './kube-object.ts'

const files = filesBelow(MANIFESTS)
const read = (file: string) => readFileSync(join(MANIFESTS, file), 'utf8')
const isLink = (file: string) => lstatSync(join(MANIFESTS, file)).isSymbolicLink()

test('there are manifests to look at', () => {
  expect(findKustomizations().length).toBeGreaterThan(20)
  expect(files.length).toBeGreaterThan(40)
})

test('every manifest is named by the kustomization beside it: one that is not would never be applied', () => {
  const manifests = files.filter(
    (file) => !isLink(file) && !['kustomization.yaml', 'README.md'].includes(basename(file)),
  )
  const orphans = manifests.filter(
    (file) => !read(join(dirname(file), 'kustomization.yaml')).includes(`- ${basename(file)}\n`),
  )
  expect(orphans).toEqual([])
})

test('every manifest ends in .yaml, and only dashboards in .json', () => {
  expect(files.filter((file) => !/\.(yaml|md|env)$|^components\/dashboards\/.+\.json$/.test(file))).toEqual([])
})

test.each(['provider', 'consumer'])('%s.yaml applies alone, under its short name as well', (service) => {
  expect(realpathSync(join(MANIFESTS, `${service}.yaml`))).toBe(join(MANIFESTS, 'base', `${service}.yaml`))
  const objects = readObjects(read(`base/${service}.yaml`))
  expect(objects.map(nameOf)).toEqual([
    `ServiceAccount/${service}`,
    `Service/${service}-svc`,
    `Deployment/${service}-v1`,
  ])
})
