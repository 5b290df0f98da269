import { expect, test } from 'vitest'
import { KNOWN_WEAKNESSES, weaknessesOf } from './advisories.ts'

const of = (name: string, ...versions: string[]) => weaknessesOf(versions.map((version) => ({ name, version })))

test('a version is weak below the cure of its line, in a line that is older than all cures, and as its prerelease', () => {
  expect(of('fast-uri', '2.9.9', '3.1.5', '3.0.99', '4.0.0', '4.1.3-rc.1')).toHaveLength(5)
  expect(of('fast-uri', '3.1.6', '3.2.0', '3.1.10', '4.1.3', '5.0.0')).toEqual([])
  expect(of('unheard-of', '0.0.1')).toEqual([])
})

test('what is said names the package, the cure and where to read of it', () => {
  expect(of('semver', '7.5.1')).toEqual(['semver@7.5.1: safe from 7.5.2 (GHSA-c2qf-rxjj-qqgw)'])
})

test('each entry can be met: the version before each cure is refused', () => {
  for (const { name, safeFrom } of KNOWN_WEAKNESSES) {
    for (const version of safeFrom) {
      expect(of(name, version)).toEqual([])
      expect(of(name, `${version}-0`), name).toHaveLength(1)
    }
  }
})
