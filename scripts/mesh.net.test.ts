import { chmod, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { execa } from 'execa'
import { afterEach, beforeEach, expect, test } from 'vitest'

// Fake programs that record how they are called, fail where FAIL matches, and go on until a signal ends them where HANG
// matches. Only a machine with Docker has the real ones.
const FAKE = `#!/bin/sh
echo "$(basename "$0") $*" >> "$LOG"
case "$(basename "$0") $*" in $HANG) echo "$HANGING" >> "$LOG"; exec sleep 20 ;; esac
case "$(basename "$0") $*" in $FAIL) exit 3 ;; esac
case "$*" in *install*) echo "kind: List" ;; *"config view"*) echo "{}" ;; "get clusters") echo "$THERE" ;; esac
case "$*" in *"get configmap prove-report"*) cat "$REPORT" ;; esac
case "$(basename "$0") $*" in *"apply -f -") cat >> "$LOG" ;; esac
`
const HANGING = 'goes on until a signal'
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

/** What the fake programs do, as patterns of command lines. */
interface Fakes {
  fail?: string
  hang?: string
  /** Name of a cluster that is there already. */
  there?: string
  /** File with the report of the Job. */
  report?: string
}

async function mesh(args: readonly string[], fakes: Fakes = {}, signalled?: (pid: number) => void) {
  const { fail = 'nothing', hang = 'nothing', there = '', report = '' } = fakes
  const env = {
    PATH: `${folder}:${dirname('/bin/sh')}:/usr/bin`,
    LOG: join(folder, 'log'),
    ...{ FAIL: fail, HANG: hang, HANGING, THERE: there, REPORT: report },
  }
  const script = join(import.meta.dirname, 'mesh.ts')
  const given = [script, '--reports', join(folder, 'reports'), ...args]
  // In a process group of its own, as a shell starts it: Ctrl-C reaches the whole group.
  const run = execa(process.execPath, given, { env, reject: false, detached: true, timeout: 50_000 })
  if (signalled !== undefined && run.pid !== undefined) {
    await expect.poll(async () => (await log()).includes(HANGING), { timeout: 30_000 }).toBe(true)
    signalled(run.pid)
  }
  const { exitCode, stderr } = await run
  return { exitCode, stderr, calls: await log() }
}

async function log(): Promise<string[]> {
  return (await readFile(join(folder, 'log'), 'utf8').catch(() => '')).split('\n')
}

/** A prover that proves everything, at once; a report that is there it shows as the real one does. */
async function proverProves(): Promise<void> {
  const node = join(folder, 'node')
  await rm(node)
  await writeFile(node, `${FAKE}case "$*" in *--context*) ;; *) exec '${process.execPath}' "$@" ;; esac\n`)
  await chmod(node, 0o755)
}

const ctrlC = (pid: number) => process.kill(-pid, 'SIGINT')
const terminate = (pid: number) => process.kill(pid, 'SIGTERM')
const hangUp = (pid: number) => process.kill(pid, 'SIGHUP')

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
  const { exitCode, calls } = await mesh([], { fail: 'linkerd*--crds' })
  expect(exitCode).toBe(2)
  expect(calls).toContain('kind delete cluster --name mesh-proof')
  expect(calls).not.toContain('linkerd --context=kind-mesh-proof check --wait 5m')
})

test('a cluster that could not be made is not removed: it may be somebody else’s', async () => {
  const { exitCode, calls } = await mesh([], { fail: 'kind create*' })
  expect(exitCode).toBe(2)
  expect(calls).not.toContain('kind delete cluster --name mesh-proof')
})

test.each([
  ['Ctrl-C', ctrlC],
  ['a SIGTERM to the script alone', terminate],
  ['a terminal that is closed', hangUp],
])('%s while the cluster is made removes what there is of it', async (_name, signalled) => {
  const { exitCode, calls } = await mesh([], { hang: 'kind create*' }, signalled)
  expect(exitCode).toBe(130)
  expect(calls).toContain('kind delete cluster --name mesh-proof')
  expect(calls.join()).not.toContain('kind load')
})

test.each([
  ['Ctrl-C', ctrlC],
  ['a SIGTERM to the script alone', terminate],
])(
  '%s between creation and proof ends the step, begins no other, and removes the cluster',
  async (_name, signalled) => {
    const { exitCode, calls } = await mesh([], { hang: 'linkerd * check --pre' }, signalled)
    expect(exitCode).toBe(130)
    expect(calls.at(-2)).toBe('kind delete cluster --name mesh-proof')
    expect(calls.join()).not.toContain('--crds')
  },
)

test('Ctrl-C while it looks for its tools is no missing tool', async () => {
  const { exitCode, stderr, calls } = await mesh([], { hang: 'docker version*' }, ctrlC)
  expect({ exitCode, stderr }).toEqual({ exitCode: 130, stderr: '' })
  expect(calls.join()).not.toContain('create')
})

test('a removal that failed is reported with the command to repeat', async () => {
  await proverProves()
  const { exitCode, calls, stderr } = await mesh([], { fail: 'kind delete*' })
  expect(exitCode).toBe(2)
  expect(calls).toContain('kind delete cluster --name mesh-proof')
  expect(stderr).toContain('The cluster mesh-proof is not removed: kind delete cluster --name mesh-proof')
})

test('a cluster of that name that is there already is neither used nor removed', async () => {
  const { exitCode, stderr, calls } = await mesh([], { there: 'mesh-proof' })
  expect(exitCode).toBe(2)
  expect(stderr.trim()).toBe(
    'There is a cluster mesh-proof already: `kind delete cluster --name mesh-proof` removes it, --name names another.',
  )
  expect(calls.join()).not.toMatch(/create|delete/)
})

const REPORT = join(import.meta.dirname, '../docs/reports/2026-11-30-edge-26.8.3.json')

test('--job proves once more, as the Job of k8s/prover, and keeps its report beside the other', async () => {
  await proverProves()
  const { exitCode, calls } = await mesh(['--job'], { report: REPORT })
  expect(exitCode).toBe(0)
  const order = [
    'kind load docker-image consumer:1.0 provider:1.0 prover:1.0 --name mesh-proof',
    'kubectl --context=kind-mesh-proof apply -k k8s/prover',
    'kubectl --context=kind-mesh-proof -n mesh-proof wait job/prover --for=jsonpath={.status.conditions} --timeout=15m',
    'kubectl --context=kind-mesh-proof -n mesh-proof logs job/prover',
    'kubectl --context=kind-mesh-proof -n mesh-proof wait job/prover --for=condition=complete --timeout=1m',
    'kind delete cluster --name mesh-proof',
  ]
  expect(calls.filter((call) => order.includes(call))).toEqual(order)
  expect(await readFile(join(folder, 'reports/job.json'), 'utf8')).toBe(await readFile(REPORT, 'utf8'))
  expect((await readdir(join(folder, 'reports'))).filter((file) => file.startsWith('job'))).toEqual(
    ['html', 'json', 'md', 'xml'].map((ending) => `job.${ending}`),
  )
})

test('a Job that fails or does not end: its log is shown, what there is of its report kept, and the exit status says so', async () => {
  await proverProves()
  const { exitCode, calls } = await mesh(['--job'], { report: REPORT, fail: 'kubectl * wait *complete*' })
  expect(exitCode).toBe(1)
  expect(calls).toContain('kubectl --context=kind-mesh-proof -n mesh-proof logs job/prover')
  expect(await readdir(join(folder, 'reports'))).toContain('job.html')
})

test('a feature that the Job skipped is a failure: the mesh has what it needs', async () => {
  await proverProves()
  const report = join(folder, 'skipped.json')
  const text = await readFile(REPORT, 'utf8')
  await writeFile(report, text.replace(/("feature": "egress".*?"verdict": )"proved"/s, '$1"skipped"'))
  const { exitCode, stderr } = await mesh(['--job'], { report })
  expect(exitCode).toBe(1)
  expect(stderr).toContain('The Job has skipped egress.')
})

test('Ctrl-C while the Job proves ends the wait, and removes the cluster', async () => {
  await proverProves()
  const { exitCode, calls } = await mesh(['--job'], { report: REPORT, hang: 'kubectl * wait job/prover*' }, ctrlC)
  expect(exitCode).toBe(130)
  expect(calls.join()).not.toContain('logs')
  expect(calls.at(-2)).toBe('kind delete cluster --name mesh-proof')
})

test.each([
  ['docker', 'No Docker engine answers'],
  ['kind', 'There is no kind on the PATH: https://kind.sigs.k8s.io'],
  ['linkerd', 'There is no linkerd on the PATH'],
])('without %s one sentence says what is missing, and nothing is made', async (tool, sentence) => {
  const { exitCode, stderr, calls } = await mesh([], { fail: `${tool} *version*` })
  expect(exitCode).toBe(2)
  expect(stderr.trim().split('\n')).toHaveLength(1)
  expect(stderr).toContain(sentence)
  expect(calls.join()).not.toContain('create')
})
