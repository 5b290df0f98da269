import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '@linkerd-scenario/test-kit/free-port'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { NAMESPACE } from '../../scripts/tour/steps.ts'
import { runInShell } from '../guides/shell.ts'
import { type ServedCluster, serveToShells } from '../guides/stand-in/server.ts'
import bundleServices from '../stand-in-mesh/global-setup.ts'
import { Terminal } from './terminal.ts'

const ENTER = '\r'
const CTRL_C = '\u0003'
const DOWN = '\u001b[B'

let removeBundles: () => Promise<void>
let served: ServedCluster
let folder: string
let environment: Record<string, string>
let tour: string

beforeAll(async () => {
  removeBundles = await bundleServices()
  served = await serveToShells()
  folder = await mkdtemp(join(tmpdir(), 'tour-'))
  environment = { ...served.environment, XDG_STATE_HOME: folder, LC_ALL: 'C.UTF-8' }
  tour = `node scripts/tour.ts --port ${await freePort({ following: 2 })}`
})

afterAll(async () => {
  await served[Symbol.asyncDispose]()
  await removeBundles()
  await rm(folder, { recursive: true })
})

const stateFile = () => join(folder, 'linkerd-scenario/tour.json')

test('in Spanish: keys that mean nothing are ignored, a step is skipped, Ctrl-C leaves', async ({ skip }) => {
  skip(!existsSync('/usr/bin/script'), 'no script of util-linux')
  await using terminal = new Terminal(`${tour} --lang es`, environment)
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
  terminal.press(ENTER)
  await terminal.shows('Paso 3 de')
  await terminal.shows('Salir y seguir')
  terminal.press(DOWN)
  await terminal.shows('Saltar este paso')
  terminal.press(ENTER)
  await terminal.shows('Paso 4 de')
  await terminal.shows('Salir y seguir')
  terminal.press(CTRL_C)
  expect(await terminal.end()).toBe(0)
  expect(terminal.shown).toContain('Visita interrumpida.')
  expect(existsSync(stateFile())).toBe(true)
})

test('in English: it goes on where it was left, to the proof, and takes back what it did', async () => {
  const { failed, output } = await runInShell(`${tour} --yes --pace 0`, environment, 120_000)
  expect(failed, output).toBe(false)
  expect(output).toContain('Going on with step 4 of')
  expect(output).not.toContain('Step 3 of')
  expect(output).toMatch(
    /1 of 1 features proved[\s\S]*All steps came out as expected\.[\s\S]*The cluster is as it was\./,
  )
  expect(served.cluster.namespacesLeft).toEqual([])
  expect(existsSync(stateFile())).toBe(false)
}, 180_000)

test('a namespace of somebody else is not removed, and the tour says so', async () => {
  served.cluster.createNamespace(NAMESPACE, {})
  const { output } = await runInShell(`${tour} --yes --pace 0`, environment, 60_000)
  expect(output).toContain('The command failed.')
  await runInShell(`${tour} --undo`, environment, 60_000)
  expect(served.cluster.namespacesLeft).toEqual([NAMESPACE])
})

test.each([
  ['', 2, 'this is no terminal'],
  ['--dry-run', 0, 'kubectl create namespace linkerd-tour'],
  ['--undo --restart', 0, 'There is nothing to take back'],
  ['--lang fr', 2, 'Allowed choices are en, es'],
])('npm run tour -- %s', async (options, status, says) => {
  const { failed, output } = await runInShell(`${tour} ${options}`, environment, 60_000)
  expect(output).toContain(says)
  expect(failed).toBe(status !== 0)
})
