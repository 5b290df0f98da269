import { createHash } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { expect, test } from 'vitest'

const script = join(import.meta.dirname, 'manifests.ts')
const hasKubectl = !(await execa('kubectl', ['version', '--client'], { reject: false })).failed
const manifests = (args: string[], env: Record<string, string> = {}) =>
  execa(process.execPath, [script, ...args], { reject: false, env })
const GIVEN = ['--registry', 'registry.example', '--version', '1.2.3']

test('each file is printed, and its checksum is right', async ({ skip }) => {
  skip(!hasKubectl, 'no kubectl on the PATH')
  const out = await mkdtemp(join(tmpdir(), 'manifests-'))
  try {
    const { exitCode, stdout } = await manifests([...GIVEN, '--out', out])
    expect(exitCode).toBe(0)
    const sums = (await readFile(join(out, 'SHA256SUMS'), 'utf8')).trim().split('\n')
    const files = (await readdir(out)).filter((file) => file !== 'SHA256SUMS')
    expect(files.length).toBeGreaterThan(10)
    expect(stdout.split('\n').toSorted()).toEqual(files.map((file) => join(out, file)).toSorted())
    for (const file of files) {
      const sum = createHash('sha256')
        .update(await readFile(join(out, file)))
        .digest('hex')
      expect(sums).toContain(`${sum}  ${file}`)
    }
  } finally {
    await rm(out, { recursive: true })
  }
})

test('without kubectl it says so', async () => {
  const { exitCode, stderr } = await manifests([...GIVEN, '--out', join(tmpdir(), 'none')], { PATH: '/nowhere' })
  expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: 'There is no kubectl on the PATH.' })
})

test('a mistake is status 2, --help is 0', async () => {
  expect((await manifests(['--frobnicate'])).exitCode).toBe(2)
  expect((await manifests(['--help'])).exitCode).toBe(0)
})
