import { execFileSync } from 'node:child_process'
import { afterAll, beforeAll, expect, test } from 'vitest'
import bundleServices from '../stand-in-mesh/global-setup.ts'
import { type GuideCluster, startCluster } from './clusters.ts'
import { INDEX, readGuide, readGuides } from './guide.ts'
import { GuideRunner, leftTo, type Ran, unlike } from './run-guide.ts'

const NAMESPACE = 'mesh-demo'
/** With `GUIDES_ONLY=retries,timeouts`, those guides alone. */
const only = process.env['GUIDES_ONLY']?.split(',')
const index = await readGuide(INDEX)
const [preparation, removal] = [index.sections[0], index.sections.at(-1)].map((section) =>
  index.commands.filter((command) => command.section === section),
)
const guides = (await readGuides()).filter(({ file }) => only?.some((name) => file.endsWith(`/${name}.md`)) ?? true)
const missing = ['bash', 'curl', 'kubectl'].filter((program) => !isOnPath(program))
const timeout = process.env['GUIDES_CONTEXT'] === undefined ? 60_000 : 900_000

let removeBundles: () => Promise<void>
let cluster: GuideCluster
let prepared: GuideRunner
const ran: Ran[] = []
const left = { 'a real mesh': 0, 'the reader': 0 }

/** Runs commands, and fails at the first that is not as its document says. */
async function follow(runner: GuideRunner, commands: Parameters<GuideRunner['run']>[0] = []): Promise<void> {
  const run = await runner.run(commands)
  ran.push(...run)
  for (const command of commands) {
    const to = leftTo(command, cluster.isReal)
    if (to !== undefined) left[to] += 1
  }
  const problem = run.at(-1)?.problem
  if (problem !== undefined) expect.fail(problem)
}

beforeAll(async () => {
  if (missing.length > 0) return
  removeBundles = await bundleServices()
  cluster = await startCluster()
  prepared = new GuideRunner(cluster)
  await follow(prepared, preparation)
}, timeout)

afterAll(async () => {
  if (missing.length > 0) return
  await prepared[Symbol.asyncDispose]()
  await cluster[Symbol.asyncDispose]()
  await removeBundles()
  const compared = ran.filter(({ command }) => command.expected.length > 0).length
  console.info(
    `${guides.length} guides: ${ran.length} commands run, ${compared} outputs compared; ` +
      `${left['a real mesh']} commands left to a real mesh, ${left['the reader']} to the reader`,
  )
}, timeout)

test.each(guides)('$file does what it says, and undoes it', { timeout }, async ({ commands }) => {
  expect(missing).toEqual([])
  const before = await cluster.applied(NAMESPACE)
  await using runner = new GuideRunner(cluster)
  await follow(runner, commands)
  expect(await cluster.applied(NAMESPACE)).toEqual(before)
})

test('the last section of the index removes everything', { timeout }, async () => {
  await follow(prepared, removal)
  await expect(cluster.applied(NAMESPACE)).rejects.toThrow()
})

test('enough was run and compared to mean something', () => {
  expect(ran.filter(({ command }) => command.expected.length > 0).length).toBeGreaterThan(3 * guides.length)
})

test('a wrong output is found, with its file and line', () => {
  for (const { file } of guides.slice(0, 3)) {
    const one = ran.find(({ command }) => command.file === file && command.expected.some((line) => /\d/.test(line)))
    if (one === undefined) expect.fail(`${file} shows no number`)
    const { command, output } = one
    const line = command.expected.findIndex((text) => /\d/.test(text))
    const wrong = command.expected.map((text, at) =>
      at === line ? text.replace(/\d/, (digit) => `${9 - Number(digit)}`) : text,
    )
    expect(unlike({ ...command, expected: wrong }, output)).toContain(`${file}:`)
    expect(unlike(command, output)).toBeUndefined()
  }
})

function isOnPath(program: string): boolean {
  try {
    execFileSync('which', [program], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}
