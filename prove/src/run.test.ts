import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Launcher, Output } from './cluster/kubectl.ts'
import { CLUSTER_PACE, systemClock } from './cluster/pace.ts'
import { FEATURES } from './features/index.ts'
import { readOptions } from './options.ts'
import { lineProgress } from './report/progress.ts'
import { run } from './run.ts'

const K8S = fileURLToPath(new URL('../../k8s', import.meta.url))

let out = ''
beforeEach(async () => {
  out = await mkdtemp(join(tmpdir(), 'prove-run-'))
})
afterEach(() => rm(out, { recursive: true }))

/** With it, waits are announced 20 ms after their begin. */
const QUIET_MS = 1020

const list = (...items: object[]) => JSON.stringify({ items })
const component = (name: string) => ({
  metadata: { name, namespace: 'linkerd', labels: { 'app.kubernetes.io/version': 'edge-26.8.3' } },
  status: { readyReplicas: 1 },
})
/** What a cluster answers until the first lane begins: the first of these with which a command begins. */
const ANSWERS: Readonly<Record<string, string>> = {
  'config view': JSON.stringify({
    'current-context': 'kind',
    contexts: [{ name: 'kind', context: { cluster: 'kind' } }],
  }),
  version: '{"serverVersion":{"gitVersion":"v1.32.0"}}',
  'get customresourcedefinitions': 'httproutes.gateway.networking.k8s.io v1.2.1\n',
  'get deployments': list(component('linkerd-destination'), component('linkerd-proxy-injector')),
  'get namespaces': list(),
  'delete namespace': 'deleted',
  'get nodes,pods': 'Node a <none> <none> <none> <none> 4 8Gi 110 <none> <none> <none> <none>\n',
}

function answer(args: readonly string[], input: string | undefined, answers = ANSWERS): Output {
  const line = args.join(' ').replace('--context kind ', '')
  const [, found] = Object.entries(answers).find(([start]) => line.startsWith(start)) ?? []
  const reviews = input?.match(/kind: SelfSubjectAccessReview/g) ?? []
  // Rendered on this machine.
  if (line.startsWith('kustomize')) return { code: 0, stdout: '', stderr: '' }
  // Ends a lane before it has begun.
  if (line === 'create -f -') return { code: 1, stdout: '', stderr: 'Error from server (Forbidden): no namespaces' }
  const stdout = found ?? 'true\n'.repeat(reviews.length)
  return stdout === '' ? { code: 1, stdout, stderr: `unexpected: ${line}` } : { code: 0, stdout, stderr: '' }
}

/** A run of some features against a scripted kubectl, and the lines that it prints. */
function begin(
  argv: string[],
  answers: (lines: readonly string[]) => Launcher['run'],
  features = FEATURES.slice(0, 2),
) {
  const asked = readOptions(['--out', out, ...argv], [])
  if ('text' in asked) throw new Error(asked.text)
  const lines: string[] = []
  const interrupt = new AbortController()
  const start = () => {
    throw new Error('nothing is started')
  }
  const report = run({
    options: asked.options,
    features,
    launcher: { run: answers(lines), start },
    k8s: K8S,
    clock: systemClock,
    pace: { ...CLUSTER_PACE, quietMs: QUIET_MS },
    signal: interrupt.signal,
    leave: new AbortController().signal,
    progress: lineProgress({ write: (text) => lines.push(text.trimEnd()) }),
    confirm: undefined,
  })
  return { report, lines, interrupt }
}

test('a cluster that takes its time is announced, whatever is asked: until the lanes begin, and at the end', async () => {
  const unannounced = new Set<string>()
  // Each command is answered when its wait was announced.
  const { report, lines } = begin([], (said) => async (args, input) => {
    // All that are rendered are one wait.
    const isRendering = args.includes('kustomize')
    const command = `\`kubectl ${args.map((arg) => (arg.length > 100 ? '…' : arg)).join(' ')}\``
    const line = `Waiting for ${isRendering ? 'kubectl to render the manifests' : command}`
    unannounced.add(line)
    await vi.waitFor(() => expect(said.join('\n')).toContain(line), { timeout: 20_000, interval: 5 })
    unannounced.delete(line)
    return answer(args, input)
  })
  const { reason } = await report
  expect(reason).toContain('(Forbidden)')
  expect([...unannounced]).toEqual([])
  for (const command of ['config view', 'version', 'get nodes,pods', 'create -f -', 'delete namespace'])
    expect(lines.join('\n')).toContain(command)
})

test('a namespace of another run is told, which may go on', async () => {
  const labels = { 'app.kubernetes.io/managed-by': 'linkerd-scenario-prove' }
  const found = [
    { metadata: { name: 'prove-1', labels } },
    { metadata: { name: 'prove-2', labels, deletionTimestamp: '2026-01-01T00:00:00Z' } },
  ]
  const answers = { ...ANSWERS, 'get namespaces': list(...found) }
  const { report, lines } = begin([], () => async (args, input) => answer(args, input, answers), [])
  expect((await report).reason).toBe('')
  expect(lines.filter((line) => line.includes('prove-1') || line.includes('prove-2'))).toEqual([
    'Other runs have made prove-1. When none is going on any longer, `prove --clean` removes what they have left; it would end one that is.',
  ])
})
