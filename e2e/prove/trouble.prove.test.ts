import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { CLUSTER_PACE } from '../../prove/src/cluster/pace.ts'
import { FEATURES } from '../../prove/src/features/index.ts'
import type { HeldUp } from '../stand-in-mesh/kubectl/held-up.ts'
import { proveStandIn, STAND_IN_PACE } from '../stand-in-mesh/run-prover.ts'
import { StandInCluster } from '../stand-in-mesh/stand-in-cluster.ts'
import { isAll } from './extent.ts'

const TWO = ['injection', 'retries']
/** Even if the API fails or is slow, everything else must work as usual. */
const SOME = isAll ? FEATURES.map(({ name }) => name) : TWO
/** The prover promises output after 5 s at the latest; a loaded machine may add one second. */
const LATEST_WORD_S = 6
const COMMAND_MS = isAll ? 5000 : 1000

test('an API server that fails one command in ten costs time but changes no verdict', async () => {
  const { results, exitCode } = await proveStandIn({ argv: SOME, trouble: { failsEvery: 10 } })
  expect(results.filter(({ verdict }) => verdict !== 'proved')).toEqual([])
  expect([results.length, exitCode]).toEqual([SOME.length, 0])
})

test('nor does it hide a broken mesh', async () => {
  const given = { argv: TWO, trouble: { failsEvery: 10 } }
  const { results, exitCode } = await proveStandIn({ ...given, behaviour: { retries: 'never' } })
  expect(results.map(({ verdict }) => verdict)).toEqual(['proved', 'failed'])
  expect(results[1]?.reason).toContain('failingOnce')
  expect(exitCode).toBe(1)
})

test('a slow cluster is still judged', { timeout: 1_800_000 }, async () => {
  const given = { argv: SOME, trouble: { delayMs: COMMAND_MS } }
  const { results, exitCode } = await proveStandIn({ ...given, pace: { convergeMs: 60_000, rolloutMs: 120_000 } })
  expect(results.filter(({ verdict }) => verdict !== 'proved')).toEqual([])
  expect([results.length, exitCode]).toEqual([SOME.length, 0])
})

test('what pods shed that are replaced meanwhile is no verdict on the mesh', async () => {
  // The proxies go on calling a pod that ends for as long as it takes to hold it up.
  const cluster = new StandInCluster({ holdsUpEnding: true }, { endpointsMs: 3000 })
  const { results } = await proveStandIn({ cluster, argv: ['rollout'] })
  expect(results.map(({ verdict, reason }) => `${verdict}: ${reason}`)).toEqual([
    expect.stringMatching(/^error: with readiness and drain, the services themselves refused \d+ requests/),
  ])
})

test('of a rollout that loses calls, the logs of the pods are kept that have gone', async () => {
  const out = await mkdtemp(join(tmpdir(), 'prove-evidence-'))
  try {
    const { results } = await proveStandIn({ argv: ['rollout', '--out', out], behaviour: { diesFirst: true } })
    expect(results.map(({ verdict }) => verdict)).toEqual(['failed'])
    const folder = results[0]?.evidence ?? ''
    const logs = (await readdir(folder)).filter((file) => file.endsWith('.ended.log'))
    const texts = await Promise.all(
      logs.map(async (file) => [file, await readFile(join(folder, file), 'utf8')] as const),
    )
    // A pod that was gone at once has left nothing to read.
    const draining = texts.filter(([, text]) => text.includes('"msg":"draining"'))
    const services = draining.map(([file]) => /^(consumer|provider)-v1/.exec(file)?.[1])
    expect(new Set(services)).toEqual(new Set(['consumer', 'provider']))
  } finally {
    await rm(out, { recursive: true })
  }
})

test('pods without any proxy: one sentence, not a failure of each feature', async () => {
  const { results, exitCode, ending, reason, namespacesLeft } = await proveStandIn({ behaviour: { uninjected: 'all' } })
  expect({ results, exitCode, ending, namespacesLeft }).toEqual({
    results: [],
    exitCode: 2,
    ending: 'could-not-run',
    namespacesLeft: [],
  })
  expect(reason).toMatch(/not meshed.*injector/)
})

test.each<[string, Parameters<typeof proveStandIn>[0], RegExp]>([
  ['no context', { surroundings: { context: undefined } }, /no current context/],
  ['no right to make namespaces', { surroundings: { forbidden: ['create namespaces'] } }, /may not create namespaces/],
  ['no Linkerd', { surroundings: { linkerd: false } }, /install Linkerd/],
  ['a context that looks like production', { surroundings: { context: 'acme-prod' } }, /looks like production.*--yes/],
])('%s: could not run, and says why', async (_name, given, words) => {
  const { exitCode, ending, reason, namespacesLeft } = await proveStandIn({ argv: TWO, ...given })
  expect(reason).toMatch(words)
  expect({ exitCode, ending, namespacesLeft }).toEqual({ exitCode: 2, ending: 'could-not-run', namespacesLeft: [] })
})

test.each<[HeldUp, RegExp]>([
  ['no-node', /fits on no node.*0\/1 nodes are available: 1 node\(s\) were unschedulable.*uncordon/],
  ['no-image', /cannot get the image (consumer|provider):1\.0 \(ImagePullBackOff.*--registry/],
  ['quota', /The cluster refuses pods of .*exceeded quota: team.*Raise the quota/],
  ['webhook', /The cluster refuses pods of .*"guard\.example\.com" denied the request.*webhook that the message/],
])('pods that cannot start (%s) are given up early, with the cluster’s reason', async (heldUp, words) => {
  const { exitCode, ending, reason, namespacesLeft, durationMs } = await proveStandIn({
    argv: TWO,
    surroundings: { heldUp },
  })
  expect(reason).toMatch(words)
  expect({ exitCode, ending, namespacesLeft }).toEqual({ exitCode: 2, ending: 'could-not-run', namespacesLeft: [] })
  expect(durationMs).toBeLessThan(STAND_IN_PACE.rolloutMs / 2)
})

test('a wait is announced within its time, with the last warning; an autoscaler that answers is waited for', async () => {
  const lines: string[] = []
  const { reason } = await proveStandIn({
    argv: TWO,
    surroundings: { heldUp: 'scaling-up' },
    pace: { ...CLUSTER_PACE, hopelessMs: 1000, rolloutMs: 12_000 },
    onLine: (line) => lines.push(line),
  })
  const waits = lines.flatMap((line) => /Waiting for .*pods ready.*, (\d+) s so far\./.exec(line)?.[1] ?? [])
  // The warning is new only once.
  expect(
    lines.filter((line) => line.includes('Last warning of the cluster: FailedScheduling: 0/1 nodes')),
  ).toHaveLength(1)
  expect(waits.length).toBeGreaterThan(1)
  expect(Number(waits[0])).toBeLessThanOrEqual(LATEST_WORD_S)
  expect(reason).toMatch(/After 12 s .*0 of 1 pods ready.*FailedScheduling/)
})

test.each([
  [
    'a webhook that refuses what is applied',
    'Warning: an old field\nError from server: error when creating "base.yaml": admission webhook "guard.example.com" denied the request:\n\nno team label',
    /admission webhook "guard\.example\.com" denied the request: no team label/,
  ],
  [
    'a right that is missing after all',
    'Error from server (Forbidden): error when creating "base.yaml": services is forbidden: User "jo" cannot create resource "services"',
    /User "jo" cannot create resource "services"/,
  ],
])('%s: one sentence in the cluster’s words', async (_name, refusesApply, words) => {
  const { exitCode, ending, reason, namespacesLeft } = await proveStandIn({ argv: TWO, surroundings: { refusesApply } })
  expect(reason).toMatch(words)
  expect(reason).not.toContain('an old field')
  expect({ exitCode, ending, namespacesLeft }).toEqual({ exitCode: 2, ending: 'could-not-run', namespacesLeft: [] })
})

test.each<[string, Parameters<typeof proveStandIn>[0], RegExp]>([
  [
    'a default inbound policy of deny',
    { behaviour: { defaultInboundPolicy: 'deny' } },
    /^Namespace prove-\w+ has config\.linkerd\.io\/default-inbound-policy: deny/,
  ],
  [
    'an opaque port',
    { behaviour: { opaque: true } },
    /^Service provider-svc has config\.linkerd\.io\/opaque-ports: 5000/,
  ],
])('%s: a verdict, and a hint that names the object and the field', async (_name, given, hint) => {
  const { results, exitCode } = await proveStandIn({ argv: ['mtls-identity'], ...given })
  expect(results.map(({ verdict }) => verdict)).toEqual(['failed'])
  expect(results[0]?.hints[0]).toMatch(hint)
  expect(exitCode).toBe(1)
})

test('what the cluster lacks is skipped with the reason; required, the skip is a failure', async () => {
  const surroundings = { crds: ['servers.policy.linkerd.io'] }
  const { results, exitCode } = await proveStandIn({ argv: TWO, surroundings })
  expect(results.map(({ verdict }) => verdict)).toEqual(['proved', 'skipped'])
  expect(results[1]?.reason).toContain('httproutes.gateway.networking.k8s.io')
  expect(exitCode).toBe(0)
  expect((await proveStandIn({ argv: [...TWO, '--require', 'retries'], surroundings })).exitCode).toBe(1)
  expect((await proveStandIn({ argv: ['retries'], surroundings })).exitCode).toBe(2)
})

test('what this version of Linkerd does not know is skipped, with the version', async () => {
  const given = { argv: ['injection', 'rate-limit-aware-balancing'], surroundings: { version: 'edge-26.5.1' } }
  const { results, exitCode } = await proveStandIn(given)
  expect(results.map(({ verdict }) => verdict)).toEqual(['proved', 'skipped'])
  expect(results[1]?.reason).toMatch(/since edge-26\.6\.2 and 2\.20, and this is edge-26\.5\.1/)
  expect(exitCode).toBe(0)
})
