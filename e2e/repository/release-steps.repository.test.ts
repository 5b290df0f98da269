import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { root } from './tools.ts'

// The steps of the release that are shell of our own run here, as they stand in the workflow.
const CHANGELOG = `# Changelog

## Unreleased

## 1.2.3 - 2026-11-30

### Added

- This.

## 1.2.2 - 2026-11-01

- That.
`

interface Workflow {
  jobs: Record<string, { steps?: { id?: string; run?: string }[] }>
}

const { jobs } = parse(await readFile(join(root, '.github/workflows/release.yml'), 'utf8')) as Workflow
const hasJq = (await execa('jq', ['--version'], { reject: false })).failed === false

/** Runs a step in a folder with a package.json and a changelog; returns its status, its words, and files that it wrote. */
async function runStep(job: string, id: string, { tag = 'v1.2.3', packaged = '1.2.3' } = {}) {
  const script = jobs[job]?.steps?.find((step) => step.id === id)?.run
  if (script === undefined) throw new Error(`no step ${id} in the job ${job}`)
  const cwd = await mkdtemp(join(tmpdir(), 'release-step-'))
  try {
    await writeFile(join(cwd, 'package.json'), JSON.stringify({ version: packaged }))
    await writeFile(join(cwd, 'CHANGELOG.md'), CHANGELOG)
    await writeFile(join(cwd, 'output'), '')
    const env = {
      GITHUB_REF_NAME: tag,
      GITHUB_REPOSITORY_OWNER: 'Some-Owner',
      GITHUB_OUTPUT: join(cwd, 'output'),
      VERSION: packaged,
    }
    const { exitCode, all } = await execa('bash', ['-e', '-o', 'pipefail', '-c', script], {
      cwd,
      env,
      reject: false,
      all: true,
    })
    const written = (file: string) => readFile(join(cwd, file), 'utf8').catch(() => '')
    return { exitCode, all, output: await written('output'), notes: await written('notes.md') }
  } finally {
    await rm(cwd, { recursive: true })
  }
}

test('a tag gives the version and the registry, the owner in lower case', async ({ skip }) => {
  skip(!hasJq, 'no jq on the PATH')
  const { exitCode, output } = await runStep('names', 'names')
  expect(exitCode).toBe(0)
  expect(output).toBe('version=1.2.3\nregistry=ghcr.io/some-owner\n')
})

test('a tag that package.json or the changelog does not know stops the release', async ({ skip }) => {
  skip(!hasJq, 'no jq on the PATH')
  const other = await runStep('names', 'names', { tag: 'v1.2.4' })
  expect(other).toMatchObject({ exitCode: 1, output: '' })
  expect(other.all).toContain('The tag says 1.2.4, package.json says 1.2.3')
  const unknown = await runStep('names', 'names', { tag: 'v1.3.0', packaged: '1.3.0' })
  expect(unknown).toMatchObject({ exitCode: 1, output: '' })
  expect(unknown.all).toContain('CHANGELOG.md has no section for 1.3.0')
})

test('the text of a release is its section of the changelog', async () => {
  const { exitCode, notes } = await runStep('release', 'notes')
  expect(exitCode).toBe(0)
  expect(notes.trim()).toBe('### Added\n\n- This.')
})
