import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { GuideCluster } from './clusters.ts'
import { parseGuide } from './guide.ts'
import { LocalPorts } from './local-ports.ts'
import { GuideRunner, leftTo } from './run-guide.ts'

/** Commands that need no cluster. */
const NO_CLUSTER: GuideCluster = {
  isReal: false,
  environment: {},
  ports: new LocalPorts(),
  timeoutMs: 10_000,
  settleMs: 0,
  applied: () => Promise.resolve([]),
  [Symbol.asyncDispose]: () => Promise.resolve(),
}

let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'guide-'))
})

afterAll(() => rm(folder, { recursive: true }))

/** Runs the commands of a guide that has these lines in its console block. */
async function run(lines: string, text = '') {
  const { commands } = parseGuide('x.md', `# X\n\n## Try it\n\n${text}\n\n\`\`\`console\n${lines}\n\`\`\`\n`)
  await using runner = new GuideRunner(NO_CLUSTER)
  return await runner.run(commands)
}

test('all commands run, in their order, as long as each prints what the guide shows', async () => {
  const ran = await run('$ echo one 12\none …\n$ true\n$ printf "a\\nb\\nc\\n"\na\n…\nc')
  expect(ran.map(({ output, problem }) => ({ output, problem }))).toEqual([
    { output: 'one 12', problem: undefined },
    { output: '', problem: undefined },
    { output: 'a\nb\nc', problem: undefined },
  ])
})

test.each([
  ['a wrong number', '$ echo 12\n13', 'x.md:9: expected "13", and the command printed\n12'],
  ['a line too few', '$ echo a\na\nb', 'x.md:10: expected "b", and the command printed\na'],
  ['a line too many', '$ printf "a\\nb\\n"\na', 'x.md:9: expected "a", and the command printed\na\nb'],
  ['a command of two lines', '$ echo a \\\n> b\na c', 'x.md:10: expected "a c", and the command printed\na b'],
  ['a failure', '$ echo why >&2; exit 3', 'x.md:8: the command failed:\nwhy'],
])('%s is a problem, with its line, and ends the guide', async (_what, lines, problem) => {
  const ran = await run(`${lines}\n$ echo never\nnever`)
  expect(ran).toHaveLength(1)
  expect(ran[0]?.problem).toContain(problem)
})

test('after a problem the guide is undone', async () => {
  const file = join(folder, 'left')
  const ran = await run(`$ touch ${file}\n$ false\n$ touch ${file}-2\n\`\`\`\n\n## Undo\n\n\`\`\`console\n$ rm ${file}`)
  expect(ran.map(({ problem }) => problem === undefined)).toEqual([true, false])
  expect([existsSync(file), existsSync(`${file}-2`)]).toEqual([false, false])
})

test('a command in another terminal goes on until the guide ends', async () => {
  const [ran] = await run(`$ bash -c 'echo $$ > ${folder}/pid; echo ready; sleep 600'\nready`, 'In another terminal:')
  expect(ran?.problem).toBeUndefined()
  const gone = await run(`$ kill -0 "$(cat ${folder}/pid)"`)
  expect(gone[0]?.problem).toContain('the command failed')
})

test('who runs what', () => {
  const { commands } = parseGuide(
    'x.md',
    '```console\n$ curl x\n$ npm run prove -- retries\n$ npm run prove -- --from a.json\n```\nOn a real mesh:\n```console\n$ linkerd check\n```\nOn two clusters (not tested):\n```console\n$ linkerd multicluster check\n```\n',
  )
  const mesh = 'a real mesh'
  expect(commands.map((one) => leftTo(one, false))).toEqual([undefined, mesh, undefined, mesh, 'the reader'])
  expect(commands.map((one) => leftTo(one, true))).toEqual([undefined, undefined, undefined, undefined, 'the reader'])
})
