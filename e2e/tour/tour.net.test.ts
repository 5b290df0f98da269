import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '@linkerd-scenario/test-kit/free-port'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { NAMESPACE } from '../../scripts/tour/namespace.ts'
import { stateFile, writeState } from '../../scripts/tour/state.ts'
import { tourSteps } from '../../scripts/tour/steps.ts'
import { runInShell } from '../guides/shell.ts'
import { type ServedCluster, serveToShells } from '../guides/stand-in/server.ts'
import bundleServices from '../stand-in-mesh/global-setup.ts'
import { Terminal } from './terminal.ts'

const ENTER = '\r'
const CTRL_C = '\u0003'
const DOWN = '\u001b[B'
const STEPS = tourSteps(6000)

let removeBundles: () => Promise<void>
/** Of one test: a cluster where nothing was done, and a folder where no tour was left. */
let served: ServedCluster
let folder: string
let environment: Record<string, string>
let port: number

beforeAll(async () => {
  removeBundles = await bundleServices()
})

afterAll(() => removeBundles())

beforeEach(async () => {
  served = await serveToShells()
  folder = await mkdtemp(join(tmpdir(), 'tour-'))
  environment = { ...served.environment, XDG_STATE_HOME: folder, LC_ALL: 'C.UTF-8' }
  port = await freePort({ following: 2 })
})

afterEach(async () => {
  await served[Symbol.asyncDispose]()
  await rm(folder, { recursive: true })
})

const run = (options: string, timeoutMs = 60_000) =>
  runInShell(`node scripts/tour.ts --port ${port} ${options}`, environment, timeoutMs)
const isSaved = () => existsSync(stateFile(environment))

/** A tour that was left before the step of this id. The cluster has what the first steps made: namespace and services. */
async function leftBefore(id: string): Promise<void> {
  const positionOf = (of: string) => STEPS.findIndex((step) => step.id === of)
  for (const { command = '' } of STEPS.slice(0, positionOf('injection'))) {
    const { failed, output } = await runInShell(command, environment, 60_000)
    expect(failed, output).toBe(false)
  }
  const left = { position: positionOf(id), changed: ['namespace'], surprises: [] }
  await writeState(stateFile(environment), { version: 1, context: 'stand-in', ...left })
}

test('in Spanish: keys that mean nothing are ignored, a step is skipped, Ctrl-C leaves', async () => {
  await using terminal = new Terminal(['--port', String(port), '--lang', 'es'], environment)
  await terminal.shows('¿Seguir?')
  await terminal.shows('No')
  terminal.press('x')
  terminal.press(ENTER)
  await terminal.shows('Paso 1 de')
  await terminal.shows('Salir y seguir')
  terminal.press('z7%')
  expect(served.cluster.namespacesLeft).toEqual([])
  terminal.press(ENTER)
  await terminal.shows('Como se esperaba.')
  expect(served.cluster.namespacesLeft).toEqual([NAMESPACE])
  await terminal.shows('Paso 2 de')
  await terminal.shows('Salir y seguir')
  terminal.press(DOWN)
  await terminal.shows('Saltar este paso')
  terminal.press(ENTER)
  await terminal.shows('Paso 3 de')
  await terminal.shows('Salir y seguir')
  terminal.press(CTRL_C)
  expect(await terminal.end()).toBe(0)
  expect(terminal.shown).toContain('Visita interrumpida.')
  expect(isSaved()).toBe(true)
})

test('in English: it goes on where it was left, to the proof, and takes back what it did', async () => {
  await leftBefore('injection')
  const { failed, output } = await run('--yes --pace 0', 120_000)
  expect(failed, output).toBe(false)
  expect(output).toContain('Going on with step 4 of')
  expect(output).not.toContain('Step 3 of')
  expect(output).toMatch(
    /1 of 1 features proved[\s\S]*All steps came out as expected\.[\s\S]*The cluster is as it was\./,
  )
  expect(served.cluster.namespacesLeft).toEqual([])
  expect(isSaved()).toBe(false)
}, 180_000)

test('Ctrl-C while the proof runs: it ends in order, and the tour can go on there', async () => {
  await leftBefore('prove')
  await using terminal = new Terminal(['--port', String(port), '--lang', 'en'], environment)
  await terminal.shows('Leave, and go on')
  terminal.press(ENTER)
  await terminal.shows('This takes about')
  terminal.press(`j${ENTER}`)
  terminal.press(CTRL_C)
  expect(await terminal.end(), terminal.shown).toBe(0)
  expect(terminal.shown).toContain('Left.')
  expect(served.cluster.namespacesLeft).toEqual([NAMESPACE])
  await run('--undo')
  expect(served.cluster.namespacesLeft).toEqual([])
  expect(isSaved()).toBe(false)
}, 120_000)

test('a namespace of somebody else is not removed, and the tour says so', async () => {
  served.cluster.createNamespace(NAMESPACE, {})
  const { output } = await run('--yes --pace 0')
  expect(output).toContain('The command failed.')
  await run('--undo')
  expect(served.cluster.namespacesLeft).toEqual([NAMESPACE])
})

test.each([
  ['', 2, 'this is no terminal'],
  ['--dry-run', 0, 'kubectl create namespace linkerd-tour'],
  ['--undo --restart', 0, 'There is nothing to take back'],
  ['--lang fr', 2, 'Allowed choices are en, es'],
])('npm run tour -- %s', async (options, status, says) => {
  const { failed, output } = await run(options)
  expect(output).toContain(says)
  expect(failed).toBe(status !== 0)
})
