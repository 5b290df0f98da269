import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { root } from './tools.ts'

interface LockedPackage {
  version?: string
  link?: boolean
  resolved?: string
  optionalDependencies?: Record<string, string>
}

const { packages } = JSON.parse(await readFile(join(root, 'package-lock.json'), 'utf8')) as {
  packages: Record<string, LockedPackage>
}
const paths = Object.keys(packages)

test('every platform package is locked: npm ci refuses a lockfile that knows only the platform it was made on', () => {
  const wanted = Object.values(packages).flatMap(({ optionalDependencies = {} }) => Object.keys(optionalDependencies))
  expect(wanted.length).toBeGreaterThan(50)
  const locked = new Set(paths.map((path) => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length)))
  expect(wanted.filter((name) => !locked.has(name))).toEqual([])
})

test('the lockfile names no registry, so that every registry serves', () => {
  expect(paths.length).toBeGreaterThan(100)
  expect(Object.values(packages).filter(({ resolved, link }) => resolved !== undefined && link !== true)).toEqual([])
})
