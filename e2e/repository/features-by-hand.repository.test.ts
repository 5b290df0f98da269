import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { FEATURES } from '../../prove/src/features/index.ts'
import { root } from './tools.ts'

const FOLDER = 'k8s/features'

test('every feature of the prover can be tried by hand: by the README of its folder, or as the list says', async () => {
  const rows = [...(await readFile(join(root, FOLDER, 'README.md'), 'utf8')).matchAll(/^\| `([\w-]+)` \| (.+) \|$/gm)]
  expect(rows.map(([, name]) => name)).toEqual(FEATURES.map(({ name }) => name))
  for (const [, name = '', how = ''] of rows) {
    const readme = `${name}/README.md`
    expect(how.includes(`](${readme})`), name).toBe(existsSync(join(root, FOLDER, readme)))
    // What has no folder has a document, or a command.
    expect(how, name).toMatch(/\]\(|`/)
  }
})

test('docs/prove.md says of every feature what it shows with it on and off', async () => {
  const [, section = ''] = (await readFile(join(root, 'docs/prove.md'), 'utf8')).split('\n## The features\n')
  const rows = [...(section.split('\n## ')[0] ?? '').matchAll(/^\| `([\w-]+)` \| .+ \| .+ \|$/gm)]
  expect(rows.map(([, name]) => name)).toEqual(FEATURES.map(({ name }) => name))
})

test('what explains a failure leads to that list', async () => {
  expect(await readFile(join(root, 'docs/prove.md'), 'utf8')).toContain('](../k8s/features/README.md)')
})
