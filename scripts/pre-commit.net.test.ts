import { copyFile, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { afterEach, beforeEach, expect, test } from 'vitest'

const root = join(import.meta.dirname, '..')
const UGLY = 'export  const a = "x" ;\n'
const NEAT = "export const a = 'x'\n"
let folder = ''

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'commit-'))
  await git('init', '--quiet')
  await mkdir(join(folder, '.githooks'))
  for (const file of ['biome.json', '.gitignore', '.githooks/pre-commit']) {
    await copyFile(join(root, file), join(folder, file))
  }
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'))
  await git('config', 'core.hooksPath', '.githooks')
})
afterEach(() => rm(folder, { recursive: true }))

async function git(...args: string[]): Promise<string> {
  const { stdout } = await execa('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.org', ...args], {
    cwd: folder,
    stripFinalNewline: false,
  })
  return stdout
}

test('a commit is formatted, and so is the file', async () => {
  const file = join(folder, 'a name with spaces.ts')
  await writeFile(file, UGLY)
  await git('add', '--all')
  await git('commit', '--quiet', '--message', 'one')
  expect(await git('show', 'HEAD:a name with spaces.ts')).toBe(NEAT)
  expect(await readFile(file, 'utf8')).toBe(NEAT)
})

test('a file with changes that are not part of the commit stays as it is', async () => {
  const file = join(folder, 'a.ts')
  await writeFile(file, UGLY)
  await git('add', 'a.ts')
  await writeFile(file, `${UGLY}// Not yet.\n`)
  await git('commit', '--quiet', '--message', 'one')
  expect(await git('show', 'HEAD:a.ts')).toBe(UGLY)
  expect(await readFile(file, 'utf8')).toBe(`${UGLY}// Not yet.\n`)
})

test('code that cannot be parsed does not block a commit', async () => {
  await writeFile(join(folder, 'a.ts'), 'const = ;\n')
  await git('add', 'a.ts')
  await git('commit', '--quiet', '--message', 'one')
  expect(await git('show', 'HEAD:a.ts')).toBe('const = ;\n')
})
