import { until } from '@linkerd-scenario/test-kit/until'
import { expect, test } from 'vitest'
import { serveCluster } from '../stand-in-mesh/kubectl/cluster-server.ts'
import { proveStandIn } from '../stand-in-mesh/run-prover.ts'
import { StandInCluster } from '../stand-in-mesh/stand-in-cluster.ts'
import { commandLine } from './command-line.ts'
import { ONLY_THERE } from './way.ts'

const STRANGER = `
apiVersion: v1
kind: ConfigMap
metadata: {name: settings}
`

test('a namespace that is given is used without the right to create one, and left as it was', async () => {
  const cluster = new StandInCluster()
  cluster.createNamespace('team-a', { team: 'a' })
  cluster.apply('team-a', STRANGER)
  let left: string[] = []
  const close = cluster.close.bind(cluster)
  cluster.close = async () => {
    left = cluster.in('team-a').applied.map(({ kind, metadata }) => `${kind}/${metadata.name}`)
    await close()
  }
  const { results, exitCode, reason } = await proveStandIn({
    argv: ['injection', 'retries', '--in-namespace', 'team-a'],
    surroundings: { forbidden: ONLY_THERE },
    cluster,
  })
  expect(
    results.map(({ feature, verdict }) => `${feature} ${verdict}`),
    reason,
  ).toEqual(['injection proved', 'retries proved'])
  expect(exitCode).toBe(0)
  expect(left).toEqual(['ConfigMap/settings'])
})

test('a namespace that is not there is named', async () => {
  const { exitCode, reason } = await proveStandIn({ argv: ['injection', '--in-namespace', 'nowhere'] })
  expect({ exitCode, reason }).toMatchObject({ exitCode: 2 })
  expect(reason).toContain('nowhere')
})

test('all rights that a run in a given namespace lacks are named before it begins, and none that it can do without', async () => {
  const cluster = new StandInCluster()
  cluster.createNamespace('team-a', {})
  const lacking = ['list serviceaccounts', 'get meshtlsauthentications.policy.linkerd.io', 'create configmaps']
  const { ending, reason } = await proveStandIn({
    argv: ['authorization', '--in-namespace', 'team-a', '--config-map', 'team-a/report'],
    surroundings: { forbidden: [...lacking, 'list events', 'get pods/log', 'watch serviceaccounts'] },
    cluster,
  })
  expect(ending).toBe('could-not-run')
  expect(reason).toMatch(
    /^You may not list serviceaccounts in team-a; get meshtlsauthentications\.policy\.linkerd\.io in team-a; create configmaps in team-a, /,
  )
})

/** A policy of the team with the name of one that a feature applies. */
const THEIRS = `
apiVersion: policy.linkerd.io/v1alpha1
kind: MeshTLSAuthentication
metadata: {name: consumer}
spec: {identities: ["theirs"]}
`

test('what a feature would overwrite is refused before anything is applied, and stays', async () => {
  const cluster = new StandInCluster()
  cluster.createNamespace('team-a', {})
  cluster.apply('team-a', THEIRS)
  const before = JSON.stringify(cluster.in('team-a').applied)
  let after = ''
  const close = cluster.close.bind(cluster)
  cluster.close = async () => {
    after = JSON.stringify(cluster.in('team-a').applied)
    await close()
  }
  const { ending, reason } = await proveStandIn({ argv: ['authorization', '--in-namespace', 'team-a'], cluster })
  expect(ending, reason).toBe('could-not-run')
  expect(reason).toContain('MeshTLSAuthentication/consumer')
  expect(reason).toContain('would overwrite')
  expect(after).toBe(before)
})

const { prove } = commandLine()

test('what a killed run leaves in a given namespace, the next run refuses, and --clean removes', async () => {
  const cluster = new StandInCluster()
  const { url, close } = await serveCluster(cluster)
  try {
    cluster.createNamespace('team-a', {})
    cluster.apply('team-a', STRANGER)
    const env = { STAND_IN_CLUSTER: url }
    const killed = prove(['authorization', '--in-namespace', 'team-a'], env)
    const kinds = () => cluster.in('team-a').applied.map(({ kind }) => kind)
    await until(kinds, (there) => there.includes('AuthorizationPolicy'), { withinMs: 90_000, everyMs: 50 })
    killed.child.kill('SIGKILL')
    await killed.exit
    // It applies no policy itself, and would be measured with that one.
    const next = prove(['injection', '--in-namespace', 'team-a'], env)
    expect(await next.exit).toEqual([2, null])
    expect(next.output.stdout).toContain('prove --clean --in-namespace team-a')
    expect(next.output.stdout).toContain('AuthorizationPolicy/')
    const clean = prove(['--clean', '--in-namespace', 'team-a'], env)
    expect(await clean.exit, clean.output.stdout).toEqual([0, null])
    expect(clean.output.stdout).toContain('AuthorizationPolicy/')
    expect(kinds()).toEqual(['ConfigMap'])
    const again = prove(['--clean', '--in-namespace', 'team-a'], env)
    expect(await again.exit).toEqual([0, null])
    expect(again.output.stdout).toBe('No run has left anything in the namespace team-a.\n')
  } finally {
    await close()
  }
})
