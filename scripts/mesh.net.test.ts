import { chmod, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { execa } from 'execa'
import { afterEach, beforeEach, expect, test } from 'vitest'

// Fake programs that record how they are called, and fail where FAIL matches. Only a machine with Docker has the real
// ones.
const FAKE = `#!/bin/sh
echo "$(basename "$0") $*" >> "$LOG"
case "$(basename "$0") $*" in $FAIL) exit 3 ;; esac
case "$*" in *install*) echo "kind: List" ;; *"config view"*) echo "{}" ;; esac
case "$(basename "$0") $*" in *"apply -f -") cat >> "$LOG" ;; esac
`
let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mesh-tools-'))
  for (const tool of ['docker', 'kind', 'k3d', 'kubectl', 'linkerd']) {
    await writeFile(join(folder, tool), FAKE)
    await chmod(join(folder, tool), 0o755)
  }
  await symlink(process.execPath, join(folder, 'node'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

async function mesh(args: readonly string[], fail = 'nothing') {
  const log = join(folder, 'log')
  const env = { PATH: `${folder}:${dirname('/bin/sh')}:/usr/bin`, LOG: log, FAIL: fail }
  const script = join(import.meta.dirname, 'mesh.ts')
  const given = [script, '--reports', join(folder, 'reports'), ...args]
  const { exitCode, stderr } = await execa(process.execPath, given, { env, reject: false })
  const calls = await readFile(log, 'utf8').catch(() => '')
  return { exitCode, stderr, calls: calls.split('\n') }
}

test('a cluster is created, filled, proved and removed; the prover’s exit status is returned', async () => {
  const { exitCode, calls, stderr } = await mesh([])
  const order = [
    'kind create cluster --name mesh-proof --wait 180s',
    'kind load docker-image consumer:1.0 provider:1.0 --name mesh-proof',
    'linkerd --context=kind-mesh-proof install --crds',
    'linkerd --context=kind-mesh-proof install',
    'linkerd --context=kind-mesh-proof check --wait 5m',
    'kind delete cluster --name mesh-proof',
  ]
  expect(calls.filter((call) => order.includes(call))).toEqual(order)
  // Linkerd's objects are passed to kubectl.
  expect(calls.filter((call) => call === 'kind: List')).toHaveLength(2)
  // The prover was run: it exits with "could not judge", because there is no cluster behind this kubectl.
  expect(stderr).toContain('There is no context kind-mesh-proof')
  expect(exitCode).toBe(2)
  expect(JSON.parse(await readFile(join(folder, 'reports/prove.json'), 'utf8'))).toMatchObject({ exitCode: 2 })
})

test('k3d works too, and --keep says how to remove the cluster', async () => {
  const { calls, stderr } = await mesh(['--cluster', 'k3d', '--name', 'mine', '--keep'])
  expect(calls).toContain('k3d image import consumer:1.0 provider:1.0 --cluster mine')
  expect(calls.filter((call) => call.startsWith('k3d cluster delete'))).toEqual([])
  expect(stderr).toContain('The cluster mine is kept: k3d cluster delete mine')
})

test('a step that fails ends the run, and the cluster is still removed', async () => {
  const { exitCode, calls } = await mesh([], 'linkerd*--crds')
  expect(exitCode).toBe(2)
  expect(calls).toContain('kind delete cluster --name mesh-proof')
  expect(calls).not.toContain('linkerd --context=kind-mesh-proof check --wait 5m')
})

test('a cluster that could not be made is not removed: it may be somebody else’s', async () => {
  const { exitCode, calls } = await mesh([], 'kind create*')
  expect(exitCode).toBe(2)
  expect(calls).not.toContain('kind delete cluster --name mesh-proof')
})

test.each([
  ['docker', 'No Docker engine answers'],
  ['kind', 'There is no kind on the PATH: https://kind.sigs.k8s.io'],
  ['linkerd', 'There is no linkerd on the PATH'],
])('without %s one sentence says what is missing, and nothing is made', async (tool, sentence) => {
  const { exitCode, stderr, calls } = await mesh([], `${tool} *version*`)
  expect(exitCode).toBe(2)
  expect(stderr.trim().split('\n')).toHaveLength(1)
  expect(stderr).toContain(sentence)
  expect(calls.join()).not.toContain('create')
})
