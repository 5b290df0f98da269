import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { findKustomizations, hasKubectl, kustomize, MANIFESTS, NO_KUBECTL } from './build.ts'

const features = findKustomizations().filter(({ path }) => path.startsWith('features/'))
const ROW = /^\| (with|apply|see|expect|off|remove) \| (.+) \|$/gm

function readme(path: string): { lines: number; rows: Record<string, string> } {
  const text = readFileSync(join(MANIFESTS, path, 'README.md'), 'utf8')
  const rows = [...text.matchAll(ROW)].map(([, name = '', value = '']) => [name, value.replaceAll('`', '')] as const)
  return { lines: text.trimEnd().split('\n').length, rows: Object.fromEntries(rows) }
}

const folderOf = (command = '') => join(MANIFESTS, '..', command.split(' ').at(-1) ?? '')

test('there are features', () => expect(features.length).toBeGreaterThanOrEqual(8))

describe.each(features)('$path', ({ path, kind }) => {
  const { lines, rows } = readme(path)

  test('is a component, and its README says in a few lines how to switch it on, see it and take it off', () => {
    expect(kind).toBe('Component')
    expect(lines).toBeLessThanOrEqual(13)
    expect(Object.keys(rows)).toEqual(['with', 'apply', 'see', 'expect', 'off', 'remove'])
    expect(rows['apply']).toMatch(/^kubectl apply -k k8s\/\S+$/)
    // Expectations may depend on the number of pods, so the README names the overlay and says how many there are.
    expect(rows['with']).toMatch(/^k8s(\/\S+?)?,? .*\bproviders?\b/)
    expect(existsSync(folderOf(/^k8s[^\s,]*/.exec(rows['with'] ?? '')?.[0]))).toBe(true)
    expect(rows['see']).toMatch(/^curl /)
    expect(rows['remove']).toMatch(/^kubectl (delete|apply) -k k8s\/\S+$/)
  })

  test('the commands that switch it on and off have something to send', ({ skip }) => {
    skip(!hasKubectl, NO_KUBECTL)
    for (const command of [rows['apply'], rows['remove']]) expect(kustomize(folderOf(command)), command).not.toEqual([])
  })
})
