import { expect, test } from 'vitest'
import { proveStandIn } from '../stand-in-mesh/run-prover.ts'
import { StandInCluster } from '../stand-in-mesh/stand-in-cluster.ts'

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
    surroundings: { forbidden: ['create namespaces', 'delete namespaces', 'list namespaces'] },
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
